import type { Clock } from '../clock.js'
import { CamgateError } from '../errors.js'
import { ArrivalOrder, ReorderWindow } from '../rtp/reorder.js'
import { interleave } from '../rtsp/serialize.js'
import type { ReceivedTrack } from '../codec/track.js'
import { offerTransport, readTransport, type LowerTransport } from '../rtsp/transport.js'
import { Receiver, type ReceiverEvents, type ReceptionReport } from './receiver.js'
import { UdpListener } from './udp-listener.js'
import type { RtspConnection } from './rtsp-connection.js'

/** How RTP travels: interleaved in the RTSP connection, or in datagrams of its own. */
export type Transport = LowerTransport

export type RtpTransportReport = ReceptionReport & { readonly transport: Transport }

/** Milliseconds between two receiver reports, RFC 3550 section 6.2. */
const REPORT_EVERY = 5_000

/** The way of a track's packets to us. */
export class RtpTransport {
  readonly #receiver: Receiver
  readonly #udp: UdpListener | undefined
  readonly #clock: Clock
  #channels: readonly [rtp: number, rtcp: number] = [0, 1]
  #callOff = () => {}

  private constructor (receiver: Receiver, udp: UdpListener | undefined, clock: Clock) {
    this.#receiver = receiver
    this.#udp = udp
    this.#clock = clock
  }

  /** Throws NO_UDP_PORTS. */
  static async open (transport: Transport, track: ReceivedTrack, wire: RtspConnection, clock: Clock, events: ReceiverEvents): Promise<RtpTransport> {
    const receiver = new Receiver(track, transport === 'udp' ? new ReorderWindow() : new ArrivalOrder(), clock, events)
    const udp = transport === 'udp'
      ? await UdpListener.open(wire.localAddress, wire.remoteAddress, { onRtp: packet => receiver.rtp(packet), onRtcp: packet => receiver.rtcp(packet) })
      : undefined
    return new RtpTransport(receiver, udp, clock)
  }

  /** For the Transport header of SETUP. */
  get offer (): string {
    return offerTransport(this.#udp ? { kind: 'udp', clientPorts: this.#udp.ports } : { kind: 'tcp', channels: this.#channels })
  }

  /** Takes the camera's answer, which counts whatever we asked for. Throws BAD_TRANSPORT when it is none of what we offered. */
  agree (header: string): void {
    const answer = readTransport(header)
    if (this.#udp) {
      if (answer.kind === 'tcp') throw new CamgateError('BAD_TRANSPORT', 'the camera was asked for UDP and sends by TCP')
      if (answer.multicast) throw new CamgateError('BAD_TRANSPORT', 'the camera sends to a multicast group alone')
      if (answer.serverPorts) this.#udp.meet(answer.serverPorts, answer.source)
    } else {
      if (answer.kind === 'udp') throw new CamgateError('BAD_TRANSPORT', 'the camera was asked for TCP and sends by UDP')
      this.#channels = answer.channels ?? this.#channels
    }
  }

  /** A packet that came between the messages. */
  take (channel: number, packet: Buffer): void {
    if (channel === this.#channels[0]) this.#receiver.rtp(packet)
    if (channel === this.#channels[1]) this.#receiver.rtcp(packet)
  }

  /** Sends receiver reports from now on. */
  reportTo (wire: RtspConnection): void {
    this.#callOff = this.#clock.after(REPORT_EVERY, () => {
      const report = this.#receiver.receiverReport()
      if (this.#udp) this.#udp.sendRtcp(report)
      else wire.send(interleave(this.#channels[1], report))
      this.reportTo(wire)
    })
  }

  report (): RtpTransportReport {
    return { transport: this.#udp ? 'udp' : 'tcp', ...this.#receiver.report() }
  }

  close (): void {
    this.#callOff()
    this.#receiver.close()
    this.#udp?.close()
  }
}
