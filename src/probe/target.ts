import { isIPv6 } from 'node:net'
import { Value } from 'typebox/value'
import { cameraPresets } from '../config/schema.js'
import type { LiveCamera } from '../config/registry.js'
import type { Credentials } from '../credentials.js'
import type { HttpSource } from '../sources/http.js'
import { normalizeSource, SourceSchema } from '../sources/kinds.js'
import { credentialsProblem, type RtspSource } from '../sources/rtsp.js'
import { SourceError } from '../sources/source.js'
import { readHostPort } from '../text/host-port.js'

export type NetworkSource = RtspSource | HttpSource
export type NetworkCamera = LiveCamera<NetworkSource>

/** A machine, by its name or IP address. Without `port`, its usual ports are asked. */
export interface Host {
  readonly host: string
  readonly port: number | undefined
  readonly credentials: Credentials | undefined
  readonly allowSelfSigned?: boolean | undefined
}

/** A camera with an address, or a machine that may be a camera. */
export type ProbeTarget =
  | { readonly kind: 'camera', readonly camera: NetworkCamera }
  | { readonly kind: 'host' } & Host

export interface TargetOptions {
  readonly credentials?: Credentials | undefined
  readonly allowSelfSigned?: boolean | undefined
}

/** Reads what a person has named: a URL, or a host with or without a port. @throws {SourceError} The message never quotes the text. */
export function readTarget (written: string, { credentials, allowSelfSigned }: TargetOptions): ProbeTarget {
  const problem = credentials && credentialsProblem(credentials)
  if (problem) throw new SourceError(problem)
  const text = written.trim()
  if (!text.includes('://')) return { kind: 'host', ...readHost(text), credentials, allowSelfSigned }
  const { source, credentials: within } = readSource(text)
  if (within && credentials) throw new SourceError('the URL carries a username and a password already; keep one of the two')
  return { kind: 'camera', camera: cameraOf({ ...source, ...allowSelfSigned && { allowSelfSigned } }, within ?? credentials) }
}

/** Whether a camera can be looked at: it has an address on the network. */
export const isOfNetwork = <Of extends { readonly source: { readonly type: string } }>(camera: Of): camera is Of & NetworkCamera =>
  ['rtsp', 'http', 'http-mjpeg', 'http-jpeg'].includes(camera.source.type)

/** A source as in cameras.yaml, if it is on the network. @throws {SourceError} The message quotes no secret. */
export function readSource (written: unknown): { source: NetworkSource, credentials?: Credentials } {
  if (typeof written !== 'string' && !Value.Check(SourceSchema, written)) throw new SourceError('expected an address such as rtsp://192.168.1.20:554/stream1, or a map with a type')
  const { source, credentials } = normalizeSource(written)
  switch (source.type) {
    case 'rtsp':
    case 'http':
    case 'http-mjpeg':
    case 'http-jpeg': return { source, ...credentials && { credentials } }
    default: throw new SourceError('expected a camera on the network, by RTSP or HTTP')
  }
}

/** A camera with this source and credentials, and defaults for everything else. */
export const cameraOf = (source: NetworkSource, credentials: Credentials | undefined): NetworkCamera =>
  ({ id: 'camera', name: 'The camera', source, ...credentials && { credentials }, ...cameraPresets, renditions: [] })

function readHost (text: string): { host: string, port: number | undefined } {
  if (isIPv6(text)) return { host: text, port: undefined }
  const read = readHostPort(text)
  if (!read) throw new SourceError('expected an address such as rtsp://192.168.1.20:554/stream1, or a host such as 192.168.1.20')
  return { host: read.host.replace(/^\[(.*)\]$/, '$1'), port: read.port }
}
