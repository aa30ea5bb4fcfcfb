/** What a device is asked for: a format by ffmpeg's name, and pixels; the size that it is set to, where it lists none. */
export interface Mode { readonly format: string, readonly size: { readonly width: number, readonly height: number } | undefined }

/** A range of sizes, in steps. */
interface Range { readonly least: number, readonly most: number, readonly step: number }

/** One format of a device: by ffmpeg's name, with its sizes, or with ranges where it does any size. */
export interface DeviceFormat {
  readonly name: string
  readonly sizes: ReadonlyArray<{ readonly width: number, readonly height: number }>
  readonly range?: { readonly width: Range, readonly height: Range }
}

const RANGE = /\{(\d+)-(\d+), ?(\d+)\}x\{(\d+)-(\d+), ?(\d+)\}/
/** A device lists some ten; more than these are not read. */
const MOST = { formats: 100, sizes: 200 }

/** What ffmpeg's `-list_formats all` printed of a device; nothing, of one that gives no pictures or could not be opened. */
export function parseFormats (said: string): DeviceFormat[] {
  return said.split('\n').flatMap(line => {
    const [kind = '', name = '', ...rest] = line.split(/ *:(?: +|$)/) // a description may hold "4:2:2"
    return /\] (Raw|Compressed)\b/.test(kind) && /^\w+$/.test(name) && name !== 'Unsupported' ? [{ name, ...sizesOf(rest.at(-1) ?? '') }] : []
  }).slice(0, MOST.formats)
}

function sizesOf (text: string): Omit<DeviceFormat, 'name'> {
  const range = RANGE.exec(text)?.slice(1).map(Number) as [number, number, number, number, number, number] | undefined
  if (range) {
    const [least, most, step, lowest, highest, rise] = range
    return { sizes: [], range: { width: { least, most, step }, height: { least: lowest, most: highest, step: rise } } }
  }
  const listed = [...new Set(text.match(/\b\d{1,5}x\d{1,5}\b/g))].slice(0, MOST.sizes) // a device may name its preferred one twice
  return { sizes: listed.map(size => size.split('x').map(Number) as [number, number]).map(([width, height]) => ({ width, height })) }
}

/** The device's own JPEGs need no encoding; of what is not compressed, YUYV is what every webcam does best. */
const PREFERRED = ['mjpeg', 'yuyv422']
/** Without a wish: USB 2 carries raw pictures of this size at 30 a second, and of a larger one at 5 or 10. */
const USUAL = { jpeg: { width: 1280, height: 720 }, raw: { width: 640, height: 480 } }

/** The mode to ask for: the smallest that is as large as what is wanted, else the largest. Undefined without formats. */
export function chooseMode (formats: readonly DeviceFormat[], wanted: { width?: number | undefined, height?: number | undefined }): Mode | undefined {
  const format = PREFERRED.flatMap(name => formats.find(other => other.name === name) ?? [])[0] ?? formats[0]
  if (!format) return undefined
  const none = wanted.width === undefined && wanted.height === undefined
  const { width = 0, height = 0 } = none ? USUAL[format.name === 'mjpeg' ? 'jpeg' : 'raw'] : wanted
  if (format.range) {
    const size = { width: within(format.range.width, width || height * 16 / 9), height: within(format.range.height, height || width * 9 / 16) }
    return { format: format.name, size }
  }
  const bySize = format.sizes.toSorted((a, b) => a.width * a.height - b.width * b.height)
  const size = bySize.find(size => size.width >= width && size.height >= height) ?? bySize.at(-1)
  return { format: format.name, size }
}

const within = ({ least, most, step }: Range, wanted: number): number =>
  Math.min(most, Math.max(least, least + Math.ceil((wanted - least) / Math.max(1, step)) * step))
