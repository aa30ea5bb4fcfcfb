// Watches the first cameras of a service on one WebSocket, in its own process. Prints the ages of the pictures when they arrive, as JSON.
// usage: wall-ages.ts URL TILES SECONDS
import { setTimeout as wait } from 'node:timers/promises'
import { WallClient } from '../test/http/wall-client.js'

export interface WallAges {
  /** Milliseconds, of each picture, and whether it is a JPEG. */
  readonly pictures: ReadonlyArray<{ readonly age: number, readonly isJpeg: boolean }>
}

/** For the group that each tile is given when it is opened. */
const JOIN_MS = 5_000

const [url = '', tiles, seconds] = process.argv.slice(2)
const client = await new WallClient({ teardown () {} }, url).opened()
const pictures: Array<WallAges['pictures'][number]> = []
client.webSocket.on('message', (_data, isBinary) => {
  const picture = isBinary ? client.pictures.pop() : undefined
  if (picture && !picture.statusFrame) pictures.push({ age: Date.now() - picture.wall, isJpeg: picture.kind === 'jpeg' })
})
for (let id = 0; id < Number(tiles); id++) client.tile(id, String(id))
await wait(JOIN_MS)
pictures.length = 0
await wait(Number(seconds) * 1_000)
process.stdout.write(JSON.stringify({ pictures } satisfies WallAges), () => process.exit())
