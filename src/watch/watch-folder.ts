import { watch } from 'node:fs'

/** Calls back when something in the folder changes, with its name if the system tells it. Returns a function that ends it. */
export type WatchFolder = (folder: string, changed: (name?: string) => void) => () => void

/** Without a watch (there is no folder, or the system has no more watches), polling is enough. */
export const watchFolder: WatchFolder = (folder, changed) => {
  try {
    const watcher = watch(folder, (_event, name) => changed(name ?? undefined)).on('error', () => watcher.close())
    return () => watcher.close()
  } catch {
    return () => {}
  }
}
