import { createRequire } from 'node:module'

/** Text in a picture. `size`, `x` and `y` are in pixels or drawtext expressions: `w` and `h` are the picture's size, `text_w` and `text_h` the text's. */
export interface Words {
  /** Unprintable characters become spaces. */
  readonly text: string
  readonly font: 'DejaVuSans.ttf' | 'DejaVuSans-Bold.ttf'
  readonly size: number | string
  readonly x: number | string
  readonly y: number | string
}

/** The mean width of a character in DejaVu Sans, rounded up, as a fraction of the font size. */
export const CHARACTER_WIDTH = 0.6

/** A filter that draws this text in white, without expanding anything in it. */
export const writeText = (words: Words): string => drawtext('none', words)

/** A filter that draws this machine's time into each frame, to the second. */
export const writeClock = (words: Omit<Words, 'text'>): string => drawtext('normal', { ...words, text: '%{localtime:%F %T}' })

const drawtext = (expansion: 'none' | 'normal', { text, font, size, x, y }: Words): string => 'drawtext=' + Object.entries({
  fontfile: createRequire(import.meta.url).resolve(`dejavu-fonts-ttf/ttf/${font}`),
  expansion,
  text,
  fontsize: size,
  ...typeof size === 'number' && { line_spacing: Math.round(size / 3) },
  fontcolor: 'white',
  x,
  y,
  shadowcolor: 'black@0.6',
  shadowx: 1,
  shadowy: 1
}).map(([name, value]) => `${name}=${filterValue(String(value))}`).join(':')

/** Escapes text for a filter's option twice: ffmpeg parses the filter graph first, then the option. */
function filterValue (text: string): string {
  const printable = text.replace(/[^\P{Cc}\n]/gu, ' ')
  return printable.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&')
}
