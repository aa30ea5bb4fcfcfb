import type { ProbeReport } from './report.js'

const CODECS: Readonly<Record<string, string>> = { h264: 'H.264', h265: 'H.265', mjpeg: 'JPEG' }

const LOGINS: Readonly<Record<ProbeReport['login'], string | undefined>> = {
  none: 'none asked for',
  basic: 'accepted (Basic)',
  digest: 'accepted (Digest)',
  refused: 'refused',
  missing: 'asked for, and none was given',
  unknown: undefined
}

/** A report for people: one fact a line, then what to do. Ends with a line break. */
export function describeProbe (report: ProbeReport): string {
  const { failure, video, sound, streams, ports } = report
  const facts: Array<[name: string, value: string | undefined]> = [
    ['speaks', report.protocol?.toUpperCase()],
    ['login', LOGINS[report.login]],
    ['picture', video ? [codecOf(video.codec, video.profile), sizeOf(video), video.fps === null ? undefined : `${video.fps} a second`].filter(Boolean).join(', ') : undefined],
    ['key pictures', video && video.codec !== 'mjpeg' ? video.keyIntervalMs === null ? 'more than 2 s apart' : `every ${(video.keyIntervalMs / 1_000).toFixed(1)} s` : undefined],
    ['bit rate', video?.bitsPerSecond ? `${(video.bitsPerSecond / 1e6).toFixed(1)} Mbit/s` : undefined],
    ['sound', sound ? sound.join(', ') || 'none' : undefined],
    ['transport', report.tcp === null ? undefined : [report.tcp ? 'TCP' : 'UDP only', report.tcp && report.udp !== null ? report.udp ? 'UDP' : 'no pictures by UDP' : undefined].filter(Boolean).join(', ')],
    ['first picture', report.firstPictureMs === null ? undefined : `after ${(report.firstPictureMs / 1_000).toFixed(2)} s`],
    ...streams.map(({ stream, address, maker, ...of }): [string, string] => [`${stream} stream`, `${address} (${[of.codec && codecOf(of.codec), sizeOf(of)].filter(Boolean).join(', ') || `as ${maker} has`})`]),
    ['ports', ports.length > 0 ? ports.map(({ port, answers }) => `${port} ${answers === 'unknown' ? '?' : answers}`).join(', ') : undefined],
    ['cost', report.cost ?? undefined]
  ]
  const lines = facts.filter((fact): fact is [string, string] => fact[1] !== undefined).map(([name, value]) => `  ${name.padEnd(14)}${value}`)
  const problem = report.login === 'missing' ? 'The camera asks for a username and password.' : failure?.message // cameras.yaml may not have it yet
  const verdict = `${report.address}: ${problem ?? 'good'}`
  return [verdict, ...lines, ...report.todo.map(todo => `→ ${todo}`), ''].join('\n')
}

const codecOf = (codec: string, profile: string | null = null): string => `${CODECS[codec] ?? codec}${profile ? ` ${profile}` : ''}`

const sizeOf = ({ width, height }: { readonly width: number | null, readonly height: number | null }): string | undefined =>
  width === null || height === null ? undefined : `${width}x${height}`
