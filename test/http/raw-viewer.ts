import type { AddressInfo } from 'node:net'
import { connect, type Socket } from 'node:net'
import { jpeg, wordsJpeg } from '../fake-launch.js'
import { build } from './build.js'

/** The service on a real socket, and what opens connections to it. */
export async function listen (...given: Parameters<typeof build>) {
  const [t] = given
  const built = await build(...given)
  await built.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = built.app.server.address() as AddressInfo
  const open = (path: string, method = 'GET', headers = '') => {
    const socket = connect(port, '127.0.0.1')
    t.teardown(() => socket.destroy())
    socket.write(`${method} ${path} HTTP/1.1\r\nHost: camgate\r\n${headers}\r\n`)
    return socket
  }
  return { ...built, open }
}

/** What a viewer has received so far. */
export function view (socket: Socket) {
  const chunks: Buffer[] = []
  socket.on('data', chunk => chunks.push(chunk)).on('error', () => {})
  return {
    get text () { return Buffer.concat(chunks).toString('latin1') },
    /** Every complete part, including its boundary: its number, or the camera's state and its number. */
    get sequence () {
      return this.text.split('--camgate-frame\r\n').slice(1, -1).map(part => {
        const [, seq, state] = /X-Sequence: (\d+)\r\n(?:X-Camera-State: (\w+)\r\n)?\r\n/.exec(part) ?? []
        const [headers = ''] = part.split('\r\n\r\n')
        const whole = part.slice(headers.length + 4) === (state ? wordsJpeg : jpeg).toString('latin1') + '\r\n'
        return !whole ? NaN : state ? `${state} ${seq}` : Number(seq)
      })
    }
  }
}
