import type { ProbeReport } from './report.js'
import type { NetworkCamera } from './target.js'

/** Longer intervals make new viewers wait, and a lost packet spoils that much video. */
export const MAX_KEY_INTERVAL_MS = 4_000
/** Further off, a clock is wrong and not only late: recordings and overlays are misleading. */
export const MAX_CLOCK_OFF_MS = 30_000

/** What a person can do about what a report says, most important first. */
export function todoOf (report: Omit<ProbeReport, 'todo'>, { credentials, source }: Pick<NetworkCamera, 'credentials' | 'source'>): string[] {
  const { failure, login, video, streams, ports, clockOffMs, protocol } = report
  const [, host = ''] = /^[a-z]+:\/\/([^/?#]*?)(?::\d+)?(?:[/?#]|$)/i.exec(source.url) ?? []
  return [
    ...failure && failure.code !== 'auth' && failure.code !== 'not-found' ? portAdvice(host, ports) : [],
    ...failure?.code === 'not-found' ? streams.map(({ address, stream, maker }) => `There is a ${stream} stream at ${address}, as cameras of ${maker} have.`) : [],
    ...login === 'missing' ? ['Give the username with --user; the password is then asked for, or taken from CAMGATE_PASSWORD.'] : [],
    ...login === 'basic' && (protocol === 'rtsp' || protocol === 'http') ? ['The password goes over the network in a form that everybody on it can read (Basic). Have the camera ask for Digest.'] : [],
    ...credentials && login === 'none' ? ['The camera shows its pictures without a password: everybody on its network can watch. Give it one in its own settings.'] : [],
    ...video && (video.keyIntervalMs === null ? video.codec !== 'mjpeg' : video.keyIntervalMs > MAX_KEY_INTERVAL_MS)
      ? [`Key pictures (I-frames) come ${video.keyIntervalMs === null ? 'seldom' : `every ${seconds(video.keyIntervalMs)}`}: a new viewer may have to wait, and damage stays for that long. Have the camera send one each second or two.`]
      : [],
    ...video?.codec === 'h265' ? ['Few browsers decode H.265 themselves: for the others camgate decodes it, which costs more. H.264 reaches all of them.'] : [],
    ...clockOffMs !== null && Math.abs(clockOffMs) > MAX_CLOCK_OFF_MS ? [`The camera's clock is ${offBy(clockOffMs)}: set it, or give the camera a time server.`] : []
  ]
}

function portAdvice (host: string, ports: ProbeReport['ports']): string[] {
  const rtsp = ports.find(({ answers }) => answers === 'rtsp' || answers === 'rtsps')
  if (rtsp) return [`RTSP answers at port ${rtsp.port}: try ${rtsp.answers}://${host}:${rtsp.port}/…`]
  const page = ports.find(({ answers }) => answers === 'http' || answers === 'https')
  return page ? [`A web page answers at ${page.answers}://${host}:${page.port}/: the camera's settings may be there, and whether RTSP is enabled.`] : []
}

const seconds = (ms: number): string => `${Math.round(ms / 100) / 10} s`

/** As in "The camera's clock is …". */
function offBy (ms: number): string {
  const amount = Math.abs(ms) / 1_000
  const words = amount < 120 ? `${Math.round(amount)} seconds` : amount < 7_200 ? `${Math.round(amount / 60)} minutes` : amount < 172_800 ? `${Math.round(amount / 3_600)} hours` : `${Math.round(amount / 86_400)} days`
  return `${words} ${ms > 0 ? 'ahead' : 'behind'}`
}
