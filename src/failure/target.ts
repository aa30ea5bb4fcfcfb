/** The camera as messages may describe it: its place in the network, if any, and whether we have credentials for it. */
export interface Target {
  readonly place?: { readonly host: string, readonly port: number, readonly path: string }
  readonly hasCredentials: boolean
  /** What it is shown in place of a username and password. */
  readonly proof?: 'token' | 'link' | undefined
}

/** For messages that do not name the camera. */
export const unnamed: Target = { hasCredentials: true }

/** As in "Nothing answers at …". */
export const portOf = ({ place }: Target): string => place ? `${place.host}, port ${place.port}` : 'this address and port'
/** As in "The camera has no stream at …". */
export const pathOf = ({ place }: Target): string => place?.path ?? 'this path'
