import { execFile } from 'node:child_process'
import { ffmpegEnvironment } from '../processes/environment.js'
import { withoutFullStop } from '../failure/sentences.js'
import { directInput, inputArguments } from './arguments.js'
import { decoderArguments, type Codec, type Hardware } from './decoder.js'

/** Decodes a few pictures in hardware. Resolves with the reason if that fails, otherwise with undefined. `closing` ends the trial. */
export function tryDecoder (ffmpegPath: string, hardware: Hardware, codec: Codec, timeoutMs: number, closing: AbortSignal): Promise<string | undefined> {
  return new Promise<string | undefined>(resolve => {
    const options = { env: ffmpegEnvironment(), timeout: timeoutMs, killSignal: 'SIGKILL' as const, signal: closing }
    const child = execFile(ffmpegPath, trialArguments(hardware, codec), options, (error, stdout, stderr) => {
      if (error === null && /^0,/m.test(stdout)) resolve(undefined)
      else if (error?.killed) resolve(`it did not answer within ${timeoutMs / 1000} s`)
      else if (error?.signal) resolve(`it ended ffmpeg by ${error.signal}`)
      else resolve(firstError(stderr))
    })
    child.stdin?.on('error', () => {}).end(trialClips[codec]) // if ffmpeg exits before it has read everything, its exit gives the reason
  }).catch((error: Error) => error.message) // ENOMEM and the like are thrown
}

/** As for a camera, except that ffmpeg must not fall back to software: `hwdownload` then fails, because there is nothing to download. */
function trialArguments (hardware: Hardware, codec: Codec): string[] {
  const args = decoderArguments(hardware, codec)
  const strict = args.includes('-hwaccel')
  return [
    '-hide_banner', '-nostats', '-loglevel', 'level+error',
    ...inputArguments('pipe:0', [...args, ...strict ? ['-hwaccel_output_format', hardware] : [], ...directInput(codec)]),
    '-vf', strict ? 'hwdownload,format=nv12' : 'format=yuv420p', '-f', 'framecrc', 'pipe:1'
  ]
}

/** The first error more specific than the failure of the device. */
function firstError (stderr: string): string {
  const errors = [...stderr.matchAll(/\[(?:error|fatal|panic)\] (\S.*)/g)].map(([, text = '']) => text)
  return withoutFullStop((errors.find(text => !text.startsWith('Device creation failed')) ?? errors[0] ?? 'it makes no pictures').slice(0, 200))
}

/** Four pictures of 320x240 in one colour, made by x264 (Main) and x265, to try decoders with. */
const trialClips = {
  h264: Buffer.from(
    'AAAAAWdNQBamEQUH7ARAAAADAEAAAAyDxYuEYAAAAAFo6EMPLIAAAAFliIIF//7bW/Msg30qp7/vWwS/XDqy93CpQNGUM7TyXqZgABJM2BX8I0idGlYAmgAADuC8gRXBZSCAgXpXUQAA' +
    'AAFBmh2IX//+jLAAA2oAAAABZ01AFqYRBQfsBEAAAAMAQAAADIPFi4RgAAAAAWjoQw8sgAAAAWWIgQGf/t8y+BTH2WcsjyWOCzCXHY3F3KsUvzWH9LQYLIgABA9KsDkJ8vO6iUAgQAAD' +
    '0C8gRXBZSCAgXpXVAAAAAUGaHYhX//44QAANSA==', 'base64'),
  h265: Buffer.from(
    'AAAAAUABDAH//wFgAAADAJAAAAMAAAMAPJKAkAAAAAFCAQEBYAAAAwCQAAADAAADADygCggPFlkqSTK8BaAgAAADACAAAAMDIQAAAAFEAcFytGJAAAABKAGvHSFqg0D3z6E/++T6JQR+' +
    'kra6+s1htePBAi3gqBeWA0xOGp7QkwuTQAAF7IcAAAMAAAMAVkAAAAABAgHQCX4QxjpGmoD5iTrzkhnL00vzhyXgAAAAAUABDAH//wFgAAADAJAAAAMAAAMAPJKAkAAAAAFCAQEBYAAA' +
    'AwCQAAADAAADADygCggPFlkqSTK8BaAgAAADACAAAAMDIQAAAAFEAcFytGJAAAABKgGsCPXFCFqg0Pe1aP/0Wb7FUf2c+sKVpLt6dloJUU2oB8tBABUkpiyTCNnEAAJKhwAAAwAAAwA3' +
    'oAAAAAECAdAZfhDGOEaagPmJOvOSGcvTS/OHJeA=', 'base64')
} as const
