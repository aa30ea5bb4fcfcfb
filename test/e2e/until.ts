const POLL_MS = 10

/** Resolves as soon as `condition` holds. Rejects with the name of the wait if it does not hold within `ms`. */
export async function until (what: string, condition: () => boolean | Promise<boolean>, ms = 10_000, every = POLL_MS): Promise<void> {
  const deadline = performance.now() + ms
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise(resolve => { setTimeout(resolve, every) })
  }
}
