import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { ArrivalOrder, ReorderWindow } from '../rtp/reorder.js'
import { interleave } from '../rtsp/serialize.js'
import type { ReceivedTrack } from '../codec/track.js'
import { offerTransport, readTransport, type LowerTransport } from '../rtsp/transport.js'
import { Receiver, type ReceiverEvents, type ReceiverReport } from './receiver.js'
import { UdpListener } from './udp-listener.js'
import type { RtspConnection } from './rtsp-connection.js'

/** RTP is interleaved in the RTSP connection, or has datagrams of its own. */
export type Transport = LowerTransport

export type RtpTransportReport = ReceiverReport & { readonly transport: Transport }

/** RFC 3550 section 6.2. */
const REPORT_INTERVAL_MS = 5_000

/** Carries a track's packets from the camera. */
export class RtpTransport {
  readonly #receiver: Receiver
  readonly #udp: UdpListener | undefined
  readonly #clock: Clock
  #channels: readonly [rtp: number, rtcp: number] = [0, 1]
  #cancel = () => {}

  private constructor (receiver: Receiver, udp: UdpListener | undefined, clock: Clock) {
    this.#receiver = receiver
    this.#udp = udp
    this.#clock = clock
  }

  /** Throws NO_UDP_PORTS. */
  static async open (transport: Transport, track: ReceivedTrack, connection: RtspConnection, clock: Clock, events: ReceiverEvents): Promise<RtpTransport> {
    const receiver = new Receiver(track, transport === 'udp' ? new ReorderWindow() : new ArrivalOrder(), clock, events)
    const udp = transport === 'udp'
      ? await UdpListener.open(connection.localAddress, connection.remoteAddress, { onRtp: packet => receiver.rtp(packet), onRtcp: packet => receiver.rtcp(packet) })
      : undefined
    return new RtpTransport(receiver, udp, clock)
  }

  /** The Transport header of SETUP. */
  get offer (): string {
    return offerTransport(this.#udp ? { kind: 'udp', clientPorts: this.#udp.ports } : { kind: 'tcp', channels: this.#channels })
  }

  /** Accepts the camera's answer, which takes precedence over our offer. Throws BAD_TRANSPORT if it is outside of the offer. */
  agree (header: string): void {
    const answer = readTransport(header)
    if (this.#udp) {
      if (answer.kind === 'tcp') throw new CamgateError('BAD_TRANSPORT', 'the camera was asked for UDP and sends by TCP')
      if (answer.multicast) throw new CamgateError('BAD_TRANSPORT', 'the camera sends only to a multicast group')
      if (answer.serverPorts) this.#udp.openFirewall(answer.serverPorts, answer.source)
    } else {
      if (answer.kind === 'udp') throw new CamgateError('BAD_TRANSPORT', 'the camera was asked for TCP and sends by UDP')
      this.#channels = answer.channels ?? this.#channels
    }
  }

  /** Accepts a packet that was interleaved with the messages. */
  take (channel: number, packet: Buffer): void {
    if (channel === this.#channels[0]) this.#receiver.rtp(packet)
    if (channel === this.#channels[1]) this.#receiver.rtcp(packet)
  }

  /** Starts to send receiver reports. */
  reportTo (connection: RtspConnection): void {
    this.#cancel = this.#clock.after(REPORT_INTERVAL_MS, () => {
      const report = this.#receiver.receiverReport()
      if (this.#udp) this.#udp.sendRtcp(report)
      else connection.send(interleave(this.#channels[1], report))
      this.reportTo(connection)
    })
  }

  report (): RtpTransportReport {
    return { transport: this.#udp ? 'udp' : 'tcp', ...this.#receiver.report() }
  }

  close (): void {
    this.#cancel()
    this.#receiver.close()
    this.#udp?.close()
  }
}
