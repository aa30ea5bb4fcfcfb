import type { Clock } from '../clock.js'
import { libc } from '../libc.js'

/** Sends one datagram to a Unix socket. Returns whether it was sent. */
export type SendDatagram = (address: string, text: string) => boolean

const AF_UNIX = 1
const SOCK_DGRAM_CLOEXEC = 2 | 0o2000000
const MSG_NOSIGNAL = 0x4000
/** Of sockaddr_un, after the family. */
const MAX_PATH_BYTES = 108

const socket = libc?.func('int socket(int domain, int type, int protocol)')
const sendto = libc?.func('long sendto(int fd, const void *message, size_t length, int flags, const void *to, uint32_t to_length)')
const close = libc?.func('int close(int fd)')

/** Node has no datagram sockets of this family. */
const sendDatagram: SendDatagram = (address, text) => {
  const path = Buffer.from(address.startsWith('@') ? `\0${address.slice(1)}` : `${address}\0`)
  if (!socket || !sendto || !close || path.length > MAX_PATH_BYTES) return false
  const family = Buffer.alloc(2)
  family.writeUInt16LE(AF_UNIX)
  const [to, message] = [Buffer.concat([family, path]), Buffer.from(text)]
  const fd = socket(AF_UNIX, SOCK_DGRAM_CLOEXEC, 0)
  if (fd < 0) return false
  const sent = sendto(fd, message, message.length, MSG_NOSIGNAL, to, to.length)
  close(fd)
  return Number(sent) === message.length
}

export interface SystemdOptions {
  readonly env?: NodeJS.ProcessEnv
  readonly pid?: number
  readonly send?: SendDatagram
  /** Is given a sentence if systemd cannot be reached. */
  readonly warn: (line: string) => void
}

/** Tells systemd how the service is, if it asks (sd_notify(3), units of Type=notify): that it is ready, that it ends, and, for its watchdog, that the event loop turns. */
export class Systemd {
  readonly #clock: Clock
  readonly #address: string | undefined
  readonly #watchdogMs: number | undefined
  readonly #send: SendDatagram
  readonly #warn: (line: string) => void
  #cancel = () => {}

  constructor (clock: Clock, { env = process.env, pid = process.pid, send = sendDatagram, warn }: SystemdOptions) {
    const { NOTIFY_SOCKET, WATCHDOG_USEC, WATCHDOG_PID = String(pid) } = env
    this.#clock = clock
    this.#address = NOTIFY_SOCKET || undefined
    this.#watchdogMs = WATCHDOG_PID === String(pid) && Number(WATCHDOG_USEC) > 0 ? Number(WATCHDOG_USEC) / 1_000 : undefined
    this.#send = send
    this.#warn = warn
  }

  /** `status` is shown by systemctl status. */
  ready (status: string): void {
    this.#tell(`READY=1\nSTATUS=${status}`)
    if (this.#address !== undefined && this.#watchdogMs !== undefined) this.#keepAlive(this.#watchdogMs)
  }

  stopping (): void {
    this.#cancel()
    this.#tell('STOPPING=1\nSTATUS=Stopping')
  }

  /** Twice in the time that systemd allows, as its manual says. */
  #keepAlive (watchdogMs: number): void {
    this.#cancel = this.#clock.after(watchdogMs / 2, () => {
      this.#tell('WATCHDOG=1')
      this.#keepAlive(watchdogMs)
    })
  }

  #tell (text: string): void {
    if (this.#address === undefined || this.#send(this.#address, text)) return
    this.#warn(`systemd waits at NOTIFY_SOCKET to be told that camgate is ready, but cannot be reached${libc ? '' : ', because the package koffi is missing'}. Write Type=exec in the unit, without WatchdogSec.`)
  }
}
