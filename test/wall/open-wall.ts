import type { Supervisor } from '../../src/camera/supervisor.js'
import type { LiveCamera } from '../../src/config/registry.js'
import { CamgateError } from '../../src/errors.js'
import { Wall } from '../../src/wall/wall.js'
import type { ClientMessage, ServerMessage } from '../../src/wire/messages.js'
import { readHeader, type PictureHeader } from '../../src/wire/picture-header.js'
import { supervise } from '../camera/coded-camera.js'
import { turn } from '../fake-launch.js'

const sps = Buffer.from('6742c01e8c8d40a0fde540', 'hex')
export const key = { parameterSets: [sps], format: { profile: 'Baseline', width: 640, height: 360, depth: 8 } }

/** A wall with one camera, which sends H.264, and a client that credits everything, unless it `isDeaf`. */
export function open (config: Partial<LiveCamera> = {}) {
  const camera = supervise(config)
  const messages: ServerMessage[] = []
  const pictures: Array<PictureHeader & { bytes: Buffer }> = []
  let seats = 0
  const client = { isDeaf: false, owed: 0 }
  const wall: Wall = new Wall({
    clock: camera.clock,
    socket: {
      text (message) { messages.push(JSON.parse(message)) },
      picture (header, bytes, sent) {
        pictures.push({ ...readHeader(new DataView(header.buffer, header.byteOffset, header.length))!, bytes })
        client.owed += header.length + bytes.length
        if (!client.isDeaf) queueMicrotask(credit)
        sent()
      }
    },
    camera: id => {
      if (id !== '1') throw new CamgateError('CAMERA_NOT_FOUND', 'There is none.')
      return camera.supervisor
    },
    seat: () => {
      seats++
      return () => { seats-- }
    },
    viewer: { from: '192.0.2.x', user: undefined },
    command: async () => 'stopped',
    logDefect (error) { throw error }
  })
  const credit = () => {
    const bytes = client.owed
    client.owed = 0
    wall.receive({ op: 'credit', bytes })
  }
  const tile = (id: number, more: Partial<Extract<ClientMessage, { op: 'tile' }>> = {}) =>
    wall.receive({ op: 'tile', id, camera: '1', width: 640, height: 360, accept: ['h264', 'jpeg'], priority: 0, ...more })
  return {
    ...camera,
    wall,
    messages,
    pictures,
    client,
    credit,
    tile,
    get seats () { return seats },
    told<Op extends ServerMessage['op']> (op: Op) { return messages.filter((message): message is Extract<ServerMessage, { op: Op }> => message.op === op) },
    /** The camera sends pictures for so long, ten a second, of which every twentieth is a key picture. */
    async send (ms: number) {
      for (let left = ms; left > 0; left -= 100) {
        camera.clock.advance(100)
        camera.played.coded(camera.clock.now() % 2_000 === 0, '1', camera.clock.now() % 2_000 === 0 ? key : {})
        await Promise.resolve()
      }
    },
    async run () {
      await camera.supervisor.start()
      await turn()
      camera.played.track()
      camera.played.coded(true, '1', key)
      await turn()
    }
  }
}

export const viewersOf = ({ live, hub }: Supervisor): number[] => [live.hub.viewers, hub.viewers]
