import t from 'tap'
import { Engine } from '../../../src/view/engine/engine.js'
import type { FromEngine, TileRequest } from '../../../src/view/protocol.js'
import type { ClientMessage, ServerMessage, TileConfig } from '../../../src/wire/messages.js'
import { HEADER_BYTES, writeHeader, type PictureHeader } from '../../../src/wire/picture-header.js'
import { FakeClock } from '../../fake-clock.js'

const request: TileRequest = { id: 7, camera: '1', path: 'mse', accept: ['h264', 'jpeg'], width: 640, height: 360, priority: 0, hidden: false }
const config: TileConfig = { op: 'config', id: 7, epoch: 3, kind: 'h264', codec: 'avc1.64001f', width: 640, height: 360, reorders: false, from: { kind: 'main' } }

/** An engine with an open socket and one tile, whose pictures the page is handed. */
function begin () {
  const clock = new FakeClock()
  const posted: FromEngine[] = []
  const sent: ClientMessage[] = []
  const sockets: { onopen (): void, onmessage (event: { data: string | ArrayBuffer }): void, onclose (event: { code: number, reason: string }): void }[] = []
  const engine = new Engine({
    clock,
    post: message => posted.push(message),
    openSocket: () => {
      const socket = { send: (text: string) => sent.push(JSON.parse(text)), close () {}, onopen () {}, onmessage () {}, onclose () {} }
      sockets.push(socket)
      return socket as unknown as WebSocket
    },
    nextFrame: paint => paint(),
    scaler: undefined
  })
  const canvas = { getContext: () => ({}) } as unknown as OffscreenCanvas
  engine.receive({ op: 'connect', url: 'ws://127.0.0.1/wall' })
  engine.receive({ op: 'tile', tile: request, canvas })
  sockets[0]!.onopen()
  const says = (message: ServerMessage) => sockets.at(-1)!.onmessage({ data: JSON.stringify(message) })
  const picture = (more: Partial<PictureHeader> = {}) => {
    const message = new ArrayBuffer(HEADER_BYTES + 100)
    writeHeader(new DataView(message), { kind: 'h264', key: false, discontinuity: false, statusFrame: false, tile: 7, epoch: 3, seq: 0, wall: clock.wall(), ...more })
    sockets.at(-1)!.onmessage({ data: message })
  }
  const credited = () => {
    clock.advance(8)
    return sent.reduce((bytes, message) => bytes + (message.op === 'credit' ? message.bytes : 0), 0)
  }
  const handed = () => posted.filter(({ op }) => op === 'picture').length
  return { clock, engine, posted, sent, sockets, says, picture, credited, handed }
}

t.test('an engine', async t => {
  t.test('asks for its tiles whenever it is connected', async t => {
    const { clock, sent, sockets, posted } = begin()
    const asked = () => sent.filter(({ op }) => op === 'tile')
    t.same(asked(), [{ op: 'tile', id: 7, camera: '1', accept: ['h264', 'jpeg'], width: 640, height: 360, priority: 0, hidden: false }])
    sockets[0]!.onclose({ code: 1006, reason: '' })
    t.match(posted.at(-1), { op: 'connection', open: false, refused: false })
    clock.advance(500)
    sockets[1]!.onopen()
    t.equal(asked().length, 2)
  })

  t.test('shows pictures of the newest configuration, from a key picture on, and credits all others at once', async t => {
    const { says, picture, credited, handed } = begin()
    picture({ key: true })
    t.same([handed(), credited()], [0, 120], 'before a configuration')
    says(config)
    picture()
    t.same([handed(), credited()], [0, 240], 'before a key picture')
    picture({ key: true })
    picture()
    t.same([handed(), credited()], [2, 240], 'the page credits what it was handed')
    picture({ epoch: 2, key: true })
    picture({ kind: 'jpeg', statusFrame: true, key: true })
    picture({ tile: 8, key: true })
    t.same([handed(), credited()], [2, 600], 'of the past, a drawing, and of no tile')
  })

  t.test('drops what comes for a hidden tile, and begins with a key picture when it is shown', async t => {
    const { engine, says, picture, handed, credited } = begin()
    says(config)
    engine.receive({ op: 'hide', ids: [7] })
    picture({ key: true })
    engine.receive({ op: 'show', ids: [7] })
    picture()
    t.same([handed(), credited()], [0, 240])
    picture({ key: true })
    t.equal(handed(), 1)
  })

  t.test('gives no credit of one connection to the next', async t => {
    const { clock, engine, sockets, sent, says, picture } = begin()
    says(config)
    picture()
    sockets[0]!.onclose({ code: 1006, reason: '' })
    clock.advance(500)
    sockets[1]!.onopen()
    clock.advance(100)
    t.same(sent.filter(({ op }) => op === 'credit'), [])
    engine.close()
    t.equal(clock.pending, 0)
  })

  t.test('tells the page what the server said, and how far its clock is', async t => {
    const { says, posted, clock } = begin()
    says({ op: 'clock', sent: 0, wall: clock.wall() + 250 })
    t.same(posted.at(-1), { op: 'offset', ms: 250 })
    says({ op: 'drop', id: 7, pictures: 4 })
    t.same(posted.at(-1), { op: 'server', message: { op: 'drop', id: 7, pictures: 4 } })
  })
})
