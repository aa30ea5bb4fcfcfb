import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { connect as secureConnect } from 'node:tls'
import { RtspParser, type RtspResponse } from '../../src/rtsp/message.js'
import { interleave, serialize, type HeaderList } from '../../src/rtsp/serialize.js'

export interface RtpPacket { channel: number; marker: boolean; sequence: number; timestamp: number; payload: Buffer }

/** The parts of an RTSP client that tests need. */
export class Client {
  readonly socket: Socket
  readonly url: string
  readonly packets: RtpPacket[] = []
  readonly reports: Array<{ channel: number, rtcp: Buffer }> = []
  closed = false
  #answers: RtspResponse[] = []
  #waiting: Array<(answer: RtspResponse) => void> = []
  #sequence = 0
  session: string | undefined

  constructor (socket: Socket, url: string) {
    this.socket = socket
    this.url = url
    const parser = new RtspParser()
    socket.on('error', () => {})
    socket.on('close', () => { this.closed = true })
    socket.on('data', chunk => {
      for (const message of parser.push(chunk)) {
        if (message.kind === 'interleaved') this.#takePacket(message.channel, Buffer.from(message.payload))
        if (message.kind === 'response') this.#take(message)
      }
    })
  }

  static async connect (url: string): Promise<Client> {
    const { protocol, hostname, port } = new URL(url)
    const secure = protocol === 'rtsps:'
    const socket = secure ? secureConnect(Number(port), hostname, { rejectUnauthorized: false }) : connect(Number(port), hostname)
    await once(socket, secure ? 'secureConnect' : 'connect')
    return new Client(socket, url)
  }

  async ask (method: string, headers: HeaderList = {}, url = this.url): Promise<RtspResponse> {
    this.socket.write(serialize({ method, url, headers: { CSeq: String(++this.#sequence), ...(this.session !== undefined && { Session: this.session }), ...headers } }))
    const answer = this.#answers.shift() ?? await new Promise<RtspResponse>(resolve => { this.#waiting.push(resolve) })
    this.session ??= answer.headers.get('session')?.[0]?.split(';')[0]
    return answer
  }

  /** SETUP and PLAY over TCP. */
  async play (channel = 0): Promise<void> {
    await this.ask('SETUP', { Transport: `RTP/AVP/TCP;unicast;interleaved=${channel}-${channel + 1}` }, `${this.url}/track1`)
    await this.ask('PLAY')
  }

  /** A receiver report about a stream, RFC 3550 section 6.4.2, with arbitrary values. */
  reportBack (channel = 1): void {
    this.socket.write(interleave(channel, receiverReport))
  }

  close (): void {
    this.socket.destroy()
  }

  #takePacket (channel: number, packet: Buffer): void {
    if (packet[1] === 200) this.reports.push({ channel, rtcp: packet })
    else this.packets.push(readRtp(channel, packet))
  }

  #take (answer: RtspResponse): void {
    const next = this.#waiting.shift()
    if (next) next(answer)
    else this.#answers.push(answer)
  }
}

export const receiverReport = Buffer.from('80c9000100000007', 'hex')

export const readRtp = (channel: number, packet: Buffer): RtpPacket => ({
  channel,
  marker: packet.readUInt8(1) >= 0x80,
  sequence: packet.readUInt16BE(2),
  timestamp: packet.readUInt32BE(4),
  payload: packet.subarray(12)
})
