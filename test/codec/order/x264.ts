import { execFileSync, spawnSync } from 'node:child_process'
import { accessUnits, splitNalUnits } from '../../../src/codec/annex-b.js'
import { withoutEmulationPrevention } from '../../../src/codec/bits.js'
import type { CodedVideo } from '../../../src/codec/coded-picture.js'
import { h264NalType, h264NalTypes, h264PictureRules, isH264KeyPicture } from '../../../src/codec/h264.js'
import { BitWriter } from '../../../src/codec/order/bit-writer.js'
import { findFfmpeg } from '../../../src/ffmpeg/binary.js'

const ffmpeg = (args: readonly string[], input: Buffer | string = '') =>
  execFileSync(findFfmpeg()!, ['-hide_banner', ...args], { input, maxBuffer: 1e8, stdio: ['pipe', 'pipe', 'pipe'] })

/** 12 pictures of H.264 in groups of four, as x264 codes them. */
export const x264 = (params: string, { pixels = 'yuv420p', profile = 'auto' } = {}): Buffer => ffmpeg([
  '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=178x148:r=10', '-frames:v', '12', '-pix_fmt', pixels,
  '-c:v', 'libx264', '-preset', 'veryfast', ...profile === 'auto' ? [] : ['-profile:v', profile], '-g', '4', '-x264-params', `scenecut=0:${params}`, '-f', 'h264', '-'
])

export const annexB = (nals: readonly Buffer[]): Buffer => Buffer.concat(nals.flatMap(nal => [Buffer.from([0, 0, 0, 1]), nal]))

/** The same stream with other sequence parameter sets. */
export const withSps = (stream: Buffer, rewrite: (sps: Buffer) => Buffer): Buffer =>
  annexB(splitNalUnits(stream).map(nal => h264NalType(nal) === h264NalTypes.sps ? rewrite(nal) : nal))

export const spsOf = (stream: Buffer): Buffer => splitNalUnits(stream).find(nal => h264NalType(nal) === h264NalTypes.sps)!

export const picturesOf = (stream: Buffer): CodedVideo[] => {
  const nals = splitNalUnits(stream)
  const parameterSets = nals.slice(0, 10).filter(nal => [h264NalTypes.sps, h264NalTypes.pps].some(type => type === h264NalType(nal)))
  return accessUnits(nals, h264PictureRules).map(unit => ({
    codec: 'h264' as const, at: 0, rtpTime: undefined, damaged: false, bytes: annexB(unit), ...isH264KeyPicture(unit) ? { key: true, parameterSets } : { key: false }
  }))
}

/** A checksum of each picture, in the order in which ffmpeg shows them. */
export const decode = (stream: Buffer, format = 'h264'): string[] =>
  ffmpeg(['-v', 'error', '-f', format, '-i', '-', '-fps_mode', 'passthrough', '-f', 'framemd5', '-'], stream).toString()
    .split('\n').filter(line => /^\d/.test(line)).map(line => line.split(',').at(-1)!.trim())

/** A field of a parameter set as ffmpeg reads it, and the position of its first bit. */
export interface Field { readonly at: number, readonly name: string, readonly value: number }

/** ffmpeg's reading of the first sequence parameter set of each stream. */
export function traceSps (streams: readonly Buffer[]): Field[][] {
  const heads = streams.map(stream => annexB(accessUnits(splitNalUnits(stream), h264PictureRules)[0]!))
  const { stderr } = spawnSync(findFfmpeg()!, ['-hide_banner', '-nostats', '-f', 'h264', '-i', '-', '-c', 'copy', '-bsf:v', 'trace_headers', '-f', 'null', '-'], { input: Buffer.concat(heads), maxBuffer: 1e8 })
  const packets = stderr.toString().split('Packet:').slice(1)
  return packets.flatMap(packet => packet.split('Sequence Parameter Set').slice(1)).map(text => {
    const [sps = ''] = text.split(/Picture Parameter Set|Supplemental/)
    return [...sps.matchAll(/\] (\d+) +(\S+) +[01]+ = (-?\d+)/g)].map(([, at, name, value]) => ({ at: Number(at), name: name!, value: Number(value) }))
  })
}

export const positionOf = (fields: readonly Field[], name: string): number => fields.find(field => field.name === name)!.at

/** The set up to the flag at this position, which is not set. */
export function cutSps (sps: Buffer, at: number): Buffer {
  const writer = new BitWriter()
  writer.copy(withoutEmulationPrevention(sps), at)
  writer.flag(false)
  return writer.toNal()
}
