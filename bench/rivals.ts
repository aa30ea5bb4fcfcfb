import { accessSync, constants, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { findFfmpeg } from '../src/ffmpeg/binary.js'
import { defaultCacheDir } from '../src/clips/clip-cache.js'
import { Gateway } from './gateway.js'
import { peerFile, startPeer, type Peer } from './peers.js'

/** What a peer shows, and where. `quality` is ffmpeg's -q:v and OpenCV's percentage. */
export interface Wanted { readonly url: string, readonly quality: readonly [number, number], readonly host?: string, readonly viewers?: number }
export type Start = (wanted: Wanted) => Promise<Peer>

/** camgate. `env` may name another ffmpeg, which then reads the camera (`ingest: ffmpeg`). */
export const camgate = (env: NodeJS.ProcessEnv = {}, ingest = 'auto'): Start => async ({ url, quality: [quality], host = '127.0.0.1' }) => {
  const gateway = await Gateway.start(`cameras: { 1: { source: "${url}", quality: ${quality}, ingest: ${ingest} } }`, { HOST: host, ...env })
  return { pid: gateway.pid, url: `${gateway.url}camera/1`, stop: () => gateway.stop() }
}

/** A Node program of bench/peers. It spawns ffmpeg, or `ffmpeg` instead. */
export const node = (file: string, ffmpeg = findFfmpeg()!, env: NodeJS.ProcessEnv = {}): Start => ({ url, quality: [quality], host = '127.0.0.1' }) => {
  const args = ['-loglevel', 'error', '-rtsp_transport', 'tcp', '-i', url, '-q:v', String(quality), '-f', 'mjpeg', 'pipe:1']
  return startPeer([process.execPath, port => [peerFile(file), host, String(port), ffmpeg, ...args]], { host, env })
}

const python = join(defaultCacheDir(), 'peers/bin/python')
const opencv: Start = ({ url, quality: [, quality], host = '127.0.0.1', viewers = 1 }) =>
  startPeer([python, port => [peerFile('opencv.py'), host, String(port), url, String(quality), String(viewers)]], {
    host, path: '/video_feed', env: { OPENCV_FFMPEG_CAPTURE_OPTIONS: 'rtsp_transport;tcp' }
  })

const motion: Start = ({ url, quality: [, quality], host = '127.0.0.1' }) => startPeer([find('motion')!, port => ['-n', '-c', settings('motion.conf', `
    netcam_url ${url}
    width 960
    height 544
    framerate 20
    stream_port ${port}
    stream_localhost ${host === '127.0.0.1' ? 'on' : 'off'}
    stream_quality ${quality}
    stream_maxrate 20
    webcontrol_port 0
    picture_output off
    movie_output off
    log_level 3`)]], { host })

const go2rtcBinary = process.env.GO2RTC_BIN ?? find('go2rtc')

/** go2rtc. `source` turns the camera's address into its stream's source; by default it is the address itself. */
export const go2rtc = (source = (url: string) => [url, 'ffmpeg:1#video=mjpeg'], env: NodeJS.ProcessEnv = {}): Start => ({ url, host = '127.0.0.1' }) =>
  startPeer([go2rtcBinary!, port => ['-config', settings('go2rtc.json', JSON.stringify({
    api: { listen: `${host}:${port}` }, rtsp: { listen: '' }, webrtc: { listen: '' }, streams: { 1: source(url) }
  }))]], { host, path: '/api/stream.mjpeg?src=1', env })

/** The other programs that are installed. Prints which ones are missing. */
export function installed (): { opencv?: Start, motion?: Start, go2rtc?: typeof go2rtc } {
  const there = { 'OpenCV + Flask + Waitress': existsSync(python), Motion: find('motion') !== undefined, go2rtc: go2rtcBinary !== undefined }
  for (const [name, isThere] of Object.entries(there)) {
    if (!isThere) process.stderr.write(`LEFT OUT: ${name} is not on this machine${name === 'go2rtc' ? ' (GO2RTC_BIN, PATH)' : ''}.\n`)
  }
  return { ...there['OpenCV + Flask + Waitress'] && { opencv }, ...there.Motion && { motion }, ...there.go2rtc && { go2rtc } }
}

function find (program: string): string | undefined {
  return process.env.PATH?.split(delimiter).map(folder => join(folder, program)).find(file => {
    try {
      accessSync(file, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

function settings (name: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'camgate-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true }))
  const file = join(folder, name)
  writeFileSync(file, text.replace(/^ +/gm, ''))
  return file
}
