const LOOK_EVERY_MS = 10

/** Resolves as soon as `condition` holds; rejects, saying what it waited for, when it does not within `ms`. */
export async function until (what: string, condition: () => boolean | Promise<boolean>, ms = 10_000, every = LOOK_EVERY_MS): Promise<void> {
  const deadline = performance.now() + ms
  while (!await condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${ms} ms in vain until ${what}`)
    await new Promise(resolve => { setTimeout(resolve, every) })
  }
}
