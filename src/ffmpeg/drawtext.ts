import { createRequire } from 'node:module'

/** Words in a picture. `size`, `x` and `y` are pixels, or expressions of drawtext's: `w` and `h` are the picture's, `text_w` and `text_h` the words'. */
export interface Words {
  /** Any characters; what is no character that can be printed becomes a blank. */
  readonly text: string
  readonly font: 'DejaVuSans.ttf' | 'DejaVuSans-Bold.ttf'
  readonly size: number | string
  readonly x: number | string
  readonly y: number | string
}

/** DejaVu Sans, in parts of its size: the mean width of a character, on the safe side. */
export const CHARACTER = 0.6

/** The filter that writes these words, in white; they mean nothing to ffmpeg. */
export const writes = (words: Words): string => drawtext('none', words)

/** The filter that writes the time of this machine, by the second: every frame's own. */
export const writesClock = (words: Omit<Words, 'text'>): string => drawtext('normal', { ...words, text: '%{localtime:%F %T}' })

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

/** Any text as the value of a filter's option: it is read as an option first and as a filter graph before that. */
function filterValue (text: string): string {
  const printable = text.replace(/[^\P{Cc}\n]/gu, ' ')
  return printable.replace(/[\\':]/g, '\\$&').replace(/[\\'[\],;]/g, '\\$&')
}
