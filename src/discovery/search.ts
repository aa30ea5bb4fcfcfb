import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { Clock } from '../clock.js'
import { defectOf } from '../errors.js'
import { DISCOVERY_PORT, MULTICAST_GROUP, ownAddresses } from '../onvif/ws-discovery.js'
import { MAX_ANSWER_BYTES, newProbes, readAnnouncements } from './announcement.js'
import { deviceServiceOf } from './device-service.js'

/** An ONVIF device that has answered. */
export interface FoundDevice {
  /** The IP address that the answer came from. */
  readonly address: string
  readonly name: string
  readonly model: string
  /** The URL of its device service, at this address. */
  readonly onvif: string
}

/** A datagram may be lost, and a camera by Wi-Fi may sleep. */
const REPEATS = 3
const REPEAT_INTERVAL_MS = 350
/** All interfaces ask at the same time, and all cameras answer: each waits up to this long. */
const JITTER_MS = 150
/** 50 hosts a second. */
const HOST_INTERVAL_MS = 20
/** Up to this many hosts are asked three times, more than that once. */
const FEW_HOSTS = 50
const MAX_DEVICES = 2_048

export interface SearchOptions {
  /** Asks these, one after the other, and nobody else. Without it, everybody on the networks of this machine. */
  readonly hosts?: readonly string[]
  /** How long to wait for answers after the last question. */
  readonly waitMs: number
  readonly clock: Clock
  readonly random?: () => number
  readonly port?: number
}

/** Asks who is there, by WS-Discovery over UDP. Calls back for each device once, as soon as it has answered. Resolves when the time is over and every socket closed. */
export async function search ({ hosts, waitMs, clock, random = Math.random, port = DISCOVERY_PORT }: SearchOptions, onFound: (device: FoundDevice) => void): Promise<void> {
  const probes = newProbes()
  const known = new Set<string>()
  const take = (answer: Buffer, address: string) => {
    if (answer.length > MAX_ANSWER_BYTES || known.size >= MAX_DEVICES) return
    for (const announcement of readOrNone(() => readAnnouncements(answer.toString(), probes))) {
      const onvif = deviceServiceOf(announcement.services, address)
      const keys = [onvif, announcement.endpoint || onvif]
      const isNew = !keys.some(key => known.has(key))
      for (const key of keys) known.add(key)
      if (isNew) onFound({ address, name: announcement.name, model: announcement.model, onvif })
    }
  }
  const sockets: Socket[] = []
  const wait = (ms: number) => new Promise<void>(resolve => { clock.after(ms, resolve) })
  const open = async (local?: string) => {
    const socket = createSocket('udp4')
    sockets.push(socket)
    socket.on('message', (answer, { address }) => take(answer, address)).on('error', () => {}) // an interface may go away
    socket.bind(0, local)
    await once(socket, 'listening')
    if (local !== undefined) {
      socket.setMulticastInterface(local)
      socket.setMulticastTTL(1)
    }
    return socket
  }
  const send = async (socket: Socket, host: string) => {
    for (const { message } of probes) await new Promise<void>(resolve => { socket.send(message, port, host, () => resolve()) }) // a host may not be there
  }
  const askHosts = async (named: readonly string[]) => {
    const socket = await open()
    for (let round = 0; round < (named.length > FEW_HOSTS ? 1 : REPEATS); round++) {
      for (const host of named) await Promise.all([send(socket, host), wait(HOST_INTERVAL_MS)])
    }
  }
  const askEverybody = async (local: string) => {
    const socket = await open(local)
    for (let round = 0; round < REPEATS; round++) {
      await wait((round > 0 ? REPEAT_INTERVAL_MS : 0) + JITTER_MS * random())
      await send(socket, MULTICAST_GROUP)
    }
  }
  try {
    if (hosts) await askHosts(hosts)
    else await Promise.all(ownAddresses().map(askEverybody))
    await wait(waitMs)
  } finally {
    await Promise.all(sockets.map(async socket => { await new Promise<void>(resolve => { socket.close(() => resolve()) }) }))
  }
}

/** Anything else than an answer is another program's message, and of no interest to a person. */
function readOrNone<T> (read: () => T[]): T[] {
  try {
    return read()
  } catch (error) {
    const defect = defectOf(error)
    if (defect) throw defect
    return []
  }
}
