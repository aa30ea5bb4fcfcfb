import type { Accepted } from '../../../wire/messages.js'

const CODECS = { h264: 'avc1.64001f', h265: 'hvc1.1.6.L93.B0' } as const

/** iPhones have only ManagedMediaSource. */
export const sourceClass = (): typeof MediaSource | undefined =>
  (globalThis as { ManagedMediaSource?: typeof MediaSource }).ManagedMediaSource ?? globalThis.MediaSource

export const mimeType = (codec: string): string => `video/mp4; codecs="${codec}"`

/** What this browser plays of an MP4 that the page makes. */
export function playedByMse (): Accepted[] {
  return (['h264', 'h265'] as const).filter(kind => sourceClass()?.isTypeSupported(mimeType(CODECS[kind])))
}
