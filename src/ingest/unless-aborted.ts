/** Waits for what is being opened, and closes it again if nobody wants it any more. Throws the signal's reason then. */
export async function unlessAborted<Opened extends { close (): Promise<void> }> (signal: AbortSignal, opening: Promise<Opened>): Promise<Opened> {
  const opened = await opening
  if (signal.aborted) await opened.close()
  signal.throwIfAborted()
  return opened
}
