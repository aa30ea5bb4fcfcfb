import type { Socket } from 'node:net'
import t from 'tap'
import type { WebSocket } from 'ws'
import { WebSocketWriter } from '../../../src/http/wall/web-socket.js'

function open () {
  const arrived: (() => void)[] = []
  const webSocket = {
    OPEN: 1,
    readyState: 1,
    send: (_text: string, sent: () => void) => { arrived.push(sent) },
    terminate: () => { webSocket.readyState = 3 }
  }
  return { webSocket, arrived, writer: new WebSocketWriter(webSocket as unknown as WebSocket, {} as Socket) }
}

t.test('WebSocketWriter cuts off a client that does not read what it is told', async t => {
  const { webSocket, arrived, writer } = open()
  for (let i = 0; i < 10_000; i++) {
    writer.text('{}')
    if (arrived.length >= 1_000) for (const sent of arrived.splice(0)) sent()
  }
  t.equal(webSocket.readyState, 1, 'not one that reads late')
  for (let i = 0; i < 3_000; i++) writer.text('{}')
  t.equal(webSocket.readyState, 3)
  t.equal(arrived.length, 2_000, 'and nothing is kept for it then')
})
