import { isIPv6 } from 'node:net'
import { Type, type Static } from 'typebox'
import { SourceError } from './source.js'

interface StreamChoice { channel: number, sub: boolean }

/** The address of a stream, for each maker. Their sources are in docs/cameras.md. */
const brands = {
  amcrest: { port: 554, path: ({ channel, sub }: StreamChoice) => `/cam/realmonitor?channel=${channel}&subtype=${sub ? 1 : 0}` },
  dahua: { port: 554, path: ({ channel, sub }: StreamChoice) => `/cam/realmonitor?channel=${channel}&subtype=${sub ? 1 : 0}` },
  hikvision: { port: 554, path: ({ channel, sub }: StreamChoice) => `/Streaming/Channels/${channel}0${sub ? 2 : 1}` },
  reolink: { port: 554, path: ({ channel, sub }: StreamChoice) => `/Preview_${String(channel).padStart(2, '0')}_${sub ? 'sub' : 'main'}` },
  axis: { port: 554, path: ({ channel, sub }: StreamChoice) => `/axis-media/media.amp?camera=${channel}&videocodec=h264${sub ? '&resolution=640x480' : ''}` },
  uniview: { port: 554, path: ({ channel, sub }: StreamChoice) => `/unicast/c${channel}/s${sub ? 1 : 0}/live` },
  tapo: { port: 554, path: ({ sub }: StreamChoice) => `/stream${sub ? 2 : 1}` },
  foscam: { port: 88, path: ({ sub }: StreamChoice) => `/video${sub ? 'Sub' : 'Main'}` }
} as const

type Brand = keyof typeof brands

const keys = {
  host: Type.String({ minLength: 1, description: 'Its address or name alone, without rtsp:// and path.', examples: ['192.168.1.20'] }),
  port: Type.Optional(Type.Integer({ minimum: 1, maximum: 65_535, description: "Its RTSP port, if it is not the maker's usual one." })),
  stream: Type.Optional(Type.Union([Type.Literal('main'), Type.Literal('sub')], {
    default: 'sub', description: 'The large picture or the small one. The default is sub, because camgate decodes every picture, and a page of many cameras shows them small.'
  }))
}
const channel = Type.Optional(Type.Integer({ minimum: 1, maximum: 256, default: 1, description: 'Which camera of a recorder, or lens of a camera; they count from 1.' }))
const closed = (name: string) => ({ additionalProperties: false, description: `A camera of ${name}: camgate builds its RTSP address.` })

const several = <const Name extends Brand>(type: Name, name: string) => Type.Object({ type: Type.Literal(type), ...keys, channel }, closed(name))
const single = <const Name extends Brand>(type: Name, name: string) => Type.Object({ type: Type.Literal(type), ...keys }, closed(name))

export const BrandSchemas = [
  several('amcrest', 'Amcrest'), several('dahua', 'Dahua'), several('hikvision', 'Hikvision'), several('reolink', 'Reolink'),
  several('axis', 'Axis'), several('uniview', 'Uniview'), single('tapo', 'TP-Link Tapo'), single('foscam', 'Foscam')
] as const

export type BrandSource = Static<typeof BrandSchemas[number]>

const name = /^[a-z0-9](?:[\w.-]*[a-z0-9])?$/i

/**
 * The RTSP address of a camera whose maker is known.
 *
 * @throws {SourceError} The message never quotes the host, because people paste whole URLs with passwords into it.
 */
export function brandUrl (source: BrandSource): string {
  const { type, port = brands[type].port, stream = 'sub' } = source
  const choice = { channel: 'channel' in source ? source.channel ?? 1 : 1, sub: stream === 'sub' }
  return `rtsp://${hostIn(source.host.trim())}:${port}${brands[type].path(choice)}`
}

/** A path that a maker's cameras have. */
export interface BrandPath { readonly maker: Brand, readonly stream: 'main' | 'sub', readonly path: string }

/** Recorders have more channels than anybody probes. */
const MAX_CHANNEL = 32
/** Amcrest's are Dahua's. */
const makers = (Object.keys(brands) as Brand[]).filter(maker => maker !== 'amcrest')

const pathsOf = (maker: Brand, channel: number): BrandPath[] =>
  (['main', 'sub'] as const).map(stream => ({ maker, stream, path: brands[maker].path({ channel, sub: stream === 'sub' }) }))

/** The first channel of every maker. */
export const brandPaths: readonly BrandPath[] = makers.flatMap(maker => pathsOf(maker, 1))

/** The other streams of the camera that a maker's path belongs to. Empty if no maker is known to use this path. */
export function pathsBeside (path: string): BrandPath[] {
  const channels = Array.from({ length: MAX_CHANNEL }, (_, index) => index + 1)
  const own = makers.flatMap(maker => channels.map(channel => pathsOf(maker, channel))).find(paths => paths.some(known => known.path === path))
  return own?.filter(known => known.path !== path) ?? []
}

function hostIn (host: string): string {
  const bare = host.replace(/^\[(.*)\]$/, '$1')
  if (isIPv6(bare)) return `[${bare}]`
  if (name.test(host)) return host
  throw new SourceError(/^[^/@]+:\d+$/.test(host)
    ? 'expected an address or a name alone, such as 192.168.1.20; a port is given separately, as port: 554'
    : 'expected an address or a name alone, such as 192.168.1.20: no scheme, path, user or password. ' +
      'A whole URL is a source by itself, source: rtsp://…; username and password go next to the source', 'host')
}
