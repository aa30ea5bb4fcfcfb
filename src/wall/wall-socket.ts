/** The connection to one page. */
export interface WallSocket {
  text (message: string): void
  /** Sends one binary message of these two parts. `sent` is called once the kernel has accepted all of it, which may be at once. Not called again before that. */
  picture (header: Buffer, bytes: Buffer, sent: () => void): void
}
