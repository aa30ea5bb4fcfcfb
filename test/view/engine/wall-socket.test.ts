import t from 'tap'
import { WallSocket } from '../../../src/view/engine/wall-socket.js'
import { closeCodes, type ClientMessage } from '../../../src/wire/messages.js'
import { FakeClock } from '../../fake-clock.js'

class FakeSocket {
  onopen = () => {}
  onmessage = (_event: { data: string | ArrayBuffer }) => {}
  onclose = (_event: { code: number, reason: string }) => {}
  readonly sent: ClientMessage[] = []
  isClosed = false
  readonly protocols: string[]
  constructor (protocols: string[]) { this.protocols = protocols }
  send (text: string) { this.sent.push(JSON.parse(text)) }
  close () { this.isClosed = true }
}

function connected () {
  const clock = new FakeClock()
  const sockets: FakeSocket[] = []
  const closed: [string, boolean][] = []
  const wall = new WallSocket(clock, (_url, protocols) => {
    sockets.push(new FakeSocket(protocols))
    return sockets.at(-1) as unknown as WebSocket
  }, { opened () {}, message () {}, picture () {}, closed: (reason, refused) => closed.push([reason, refused]) }, () => 0.5)
  wall.connect({ url: 'ws://127.0.0.1/wall' })
  const answer = (socket: FakeSocket) => socket.onmessage({ data: JSON.stringify({ op: 'clock', sent: 0, wall: 0 }) })
  return { clock, sockets, closed, wall, answer }
}

t.test('a socket to the wall', async t => {
  t.test('sends a token as a second subprotocol', async t => {
    const { wall, sockets } = connected()
    wall.connect({ url: 'ws://127.0.0.1/wall', token: 'a.b.c' })
    t.same(sockets.map(({ protocols }) => protocols), [['camgate.wall.1'], ['camgate.wall.1', 'camgate.bearer.a.b.c']])
    t.equal(sockets[0]!.isClosed, true)
  })

  t.test('comes back, and waits longer after each failure', async t => {
    const { clock, sockets } = connected()
    const waits = [500, 750, 1_250, 2_250]
    for (const [failures, ms] of waits.entries()) {
      sockets.at(-1)!.onclose({ code: 1006, reason: '' })
      clock.advance(ms - 1)
      t.equal(sockets.length, failures + 1)
      clock.advance(1)
      t.equal(sockets.length, failures + 2)
    }
  })

  t.test('does not wait longer after a server that had something to say', async t => {
    const { clock, sockets, answer } = connected()
    for (const ms of [500, 750, 1_250]) {
      sockets.at(-1)!.onclose({ code: 1006, reason: '' })
      clock.advance(ms)
    }
    sockets.at(-1)!.onopen()
    answer(sockets.at(-1)!)
    sockets.at(-1)!.onclose({ code: 1001, reason: 'camgate ends' })
    const before = sockets.length
    clock.advance(500)
    t.equal(sockets.length, before + 1)
  })

  t.test('comes back at once when the page is seen again', async t => {
    const { sockets, wall } = connected()
    sockets[0]!.onclose({ code: 1006, reason: '' })
    wall.wake()
    wall.wake()
    t.equal(sockets.length, 2)
  })

  t.test('leaves a server that does not answer', async t => {
    const { clock, sockets, closed, answer } = connected()
    sockets[0]!.onopen()
    answer(sockets[0]!)
    clock.advance(5_000)
    t.same(sockets[0]!.sent.map(({ op }) => op), ['clock', 'clock'])
    clock.advance(8_000)
    t.same(closed, [['camgate does not answer.', false]])
    t.equal(sockets[0]!.isClosed, true)
    clock.advance(500)
    t.equal(sockets.length, 2)
  })

  t.test('says when another proof is needed', async t => {
    const { clock, sockets, closed } = connected()
    sockets[0]!.onclose({ code: 1006, reason: '' })
    clock.advance(500)
    sockets[1]!.onopen()
    sockets[1]!.onclose({ code: closeCodes.proofEnded, reason: 'expired' })
    clock.advance(750)
    sockets[2]!.onopen()
    sockets[2]!.onclose({ code: 1006, reason: '' })
    t.same(closed.map(([, refused]) => refused), [true, true, false])
  })

  t.test('leaves no timer when it is closed', async t => {
    const { clock, sockets, wall } = connected()
    sockets[0]!.onopen()
    wall.close()
    t.equal(clock.pending, 0)
    t.equal(sockets[0]!.isClosed, true)
  })
})
