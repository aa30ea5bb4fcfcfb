/** A format by ffmpeg's name, and a size in pixels; without `size`, the device keeps its own. */
export interface Mode { readonly format: string, readonly size: { readonly width: number, readonly height: number } | undefined }

interface Range { readonly min: number, readonly max: number, readonly step: number }

/** A format of a device, by ffmpeg's name, with its sizes, or with ranges if it takes any size. */
export interface DeviceFormat {
  readonly name: string
  readonly sizes: ReadonlyArray<{ readonly width: number, readonly height: number }>
  readonly range?: { readonly width: Range, readonly height: Range }
}

const RANGE = /\{(\d+)-(\d+), ?(\d+)\}x\{(\d+)-(\d+), ?(\d+)\}/
/** A device lists about ten of each. */
const MAX_FORMATS = 100
const MAX_SIZES = 200

/** Parses the output of ffmpeg's `-list_formats all`. Empty for a device without pictures, or one that could not be opened. */
export function parseFormats (listing: string): DeviceFormat[] {
  return listing.split('\n').flatMap(line => {
    const [kind = '', name = '', ...rest] = line.split(/ *:(?: +|$)/) // a description may contain "4:2:2"
    return /\] (Raw|Compressed)\b/.test(kind) && /^\w+$/.test(name) && name !== 'Unsupported' ? [{ name, ...sizesOf(rest.at(-1) ?? '') }] : []
  }).slice(0, MAX_FORMATS)
}

function sizesOf (text: string): Omit<DeviceFormat, 'name'> {
  const range = RANGE.exec(text)?.slice(1).map(Number) as [number, number, number, number, number, number] | undefined
  if (range) {
    const [minWidth, maxWidth, widthStep, minHeight, maxHeight, heightStep] = range
    return { sizes: [], range: { width: { min: minWidth, max: maxWidth, step: widthStep }, height: { min: minHeight, max: maxHeight, step: heightStep } } }
  }
  const listed = [...new Set(text.match(/\b\d{1,5}x\d{1,5}\b/g))].slice(0, MAX_SIZES) // a device may list its preferred one twice
  return { sizes: listed.map(size => size.split('x').map(Number) as [number, number]).map(([width, height]) => ({ width, height })) }
}

/** The device's own JPEGs need no encoding. Of the raw formats, YUYV is the one that webcams support best. */
const PREFERRED = ['mjpeg', 'yuyv422']
/** USB 2 carries raw pictures of this size at 30 fps, and larger ones at 5 or 10. */
const DEFAULT_SIZES = { jpeg: { width: 1280, height: 720 }, raw: { width: 640, height: 480 } }

/** Chooses the smallest size that is at least as large as `wanted`, or else the largest. Undefined without formats. */
export function chooseMode (formats: readonly DeviceFormat[], wanted: { width?: number | undefined, height?: number | undefined }): Mode | undefined {
  const format = PREFERRED.flatMap(name => formats.find(other => other.name === name) ?? [])[0] ?? formats[0]
  if (!format) return undefined
  const none = wanted.width === undefined && wanted.height === undefined
  const { width = 0, height = 0 } = none ? DEFAULT_SIZES[format.name === 'mjpeg' ? 'jpeg' : 'raw'] : wanted
  if (format.range) {
    const size = { width: within(format.range.width, width || height * 16 / 9), height: within(format.range.height, height || width * 9 / 16) }
    return { format: format.name, size }
  }
  const bySize = format.sizes.toSorted((a, b) => a.width * a.height - b.width * b.height)
  const size = bySize.find(size => size.width >= width && size.height >= height) ?? bySize.at(-1)
  return { format: format.name, size }
}

const within = ({ min, max, step }: Range, wanted: number): number =>
  Math.min(max, Math.max(min, min + Math.ceil((wanted - min) / Math.max(1, step)) * step))
