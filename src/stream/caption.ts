import type { Size } from '../picture-size.js'
import { inputArguments } from '../ffmpeg/arguments.js'
import type { FfmpegDialect } from '../ffmpeg/dialect.js'
import { CHARACTER_WIDTH, writeText } from '../ffmpeg/drawtext.js'
import { runOnce } from '../ffmpeg/once.js'

/** Text over a picture. */
export interface Caption {
  readonly title: string
  /** Long ones are wrapped. */
  readonly paragraphs: readonly string[]
}

/** The longest side of a drawing. Text needs no more, and for 8K ffmpeg would need 330 MB. */
const MAX_DRAWN_SIDE_PIXELS = 1920
/** ffmpeg's JPEG decoder can halve the size up to this many times while it decodes, which saves memory. */
const MAX_HALVINGS = 3

/** A drawing takes a tenth of a second; one that takes this long will never finish. */
const DRAWING_TIMEOUT_MS = 5_000

/**
 * Draws the caption over a JPEG of this size, greyed so that it does not look live, or over a plain background. Resolves with a JPEG of its
 * `drawnSize`. Rejects with ffmpeg's message, or the reason why it could not run. `signal` cancels it.
 */
export function drawCaption (
  { path, dialect }: { path: string, dialect: FfmpegDialect }, caption: Caption, size: Size, picture: Buffer | undefined, signal: AbortSignal
): Promise<Buffer> {
  const over = picture ? 'picture' : 'nothing'
  return runOnce(path, captionArguments(size, over, dialect), { stdin: picture, script: captionFilters(caption, size, over), timeoutMs: DRAWING_TIMEOUT_MS, signal })
}

/** The size of the drawing: the same, or reduced to MAX_DRAWN_SIDE_PIXELS. A reduced size is even, for JPEG's 4:2:0. */
export function drawnSize ({ width, height }: Size): Size {
  const scale = MAX_DRAWN_SIDE_PIXELS / Math.max(width, height)
  if (scale >= 1) return { width, height }
  const even = (side: number) => 2 * Math.max(1, Math.round(side * scale / 2))
  return { width: even(width), height: even(height) }
}

const MARGIN_SHARE = 0.05

/** ffmpeg's arguments. It reads the JPEG of this size from stdin, or makes a plain background, applies the filters from descriptor 4, and writes one JPEG of `drawnSize` to stdout. */
function captionArguments (size: Size, over: 'picture' | 'nothing', { filterFile }: FfmpegDialect): string[] {
  const { width, height } = drawnSize(size)
  const halves = Math.min(MAX_HALVINGS, Math.floor(Math.log2(Math.max(size.width, size.height) / Math.max(width, height))))
  return [
    '-hide_banner', '-loglevel', 'error',
    ...over === 'picture'
      ? inputArguments('pipe:0', ['-threads', '1', '-lowres', String(halves), '-f', 'mjpeg'])
      : inputArguments(`color=c=0x20262e:s=${width}x${height}:r=1`, ['-threads', '1', '-f', 'lavfi']),
    '-filter_threads', '1', filterFile, 'pipe:4',
    '-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '5', '-threads', '1', '-f', 'mjpeg', 'pipe:1'
  ]
}

/** The filters that draw the caption. */
function captionFilters ({ title, paragraphs }: Caption, size: Size, over: 'picture' | 'nothing'): string {
  const { width, height } = drawnSize(size)
  const text = Math.max(8, Math.round(Math.min(height / 18, width / 30)))
  const bold = Math.round(text * 1.4)
  const heading = wrap(title, columnsOf(width, bold))
  const below = Math.round(height * MARGIN_SHARE * 2 + bold * (1.4 * heading.split('\n').length + 0.4))
  const body = paragraphs.map(paragraph => wrap(paragraph, columnsOf(width, text))).join('\n\n')
  const x = Math.round(width * MARGIN_SHARE)
  return [
    ...over === 'picture' ? [`scale=${width}:${height}`, 'hue=s=0', 'eq=brightness=-0.2:contrast=0.6'] : [],
    writeText({ text: heading, font: 'DejaVuSans-Bold.ttf', size: bold, x, y: Math.round(height * MARGIN_SHARE * 2) }),
    writeText({ text: body, font: 'DejaVuSans.ttf', size: text, x, y: below }),
    'format=yuvj420p'
  ].join(',')
}

const columnsOf = (width: number, size: number) => Math.max(8, Math.floor(width * (1 - 2 * MARGIN_SHARE) / (size * CHARACTER_WIDTH)))

/** Wraps the text into lines of at most this many characters, and cuts longer words. */
export function wrap (text: string, columns: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/\s+/).flatMap(word => word.match(new RegExp(`.{1,${columns}}`, 'gu')) ?? [])) {
    if (line && line.length + 1 + word.length > columns) {
      lines.push(line)
      line = word
    } else line = line ? `${line} ${word}` : word
  }
  return [...lines, line].join('\n')
}
