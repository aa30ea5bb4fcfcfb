/** Resolves with what `opening` opens. If the signal was aborted in the meantime, closes it and throws the signal's reason. */
export async function unlessAborted<Opened extends { close (): Promise<void> }> (signal: AbortSignal, opening: Promise<Opened>): Promise<Opened> {
  const opened = await opening
  if (signal.aborted) await opened.close()
  signal.throwIfAborted()
  return opened
}
