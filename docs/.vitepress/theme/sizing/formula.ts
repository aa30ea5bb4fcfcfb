/** What `npm run bench sizing` has measured, docs/sizing.json. CPU is in milliseconds of one core. */
export interface Coefficients {
  readonly cpuMilliseconds: {
    /** Of camgate's process with no camera, each second. */
    readonly perSecond: number
    readonly read: { readonly perPicture: number, readonly perMegabit: number }
    /** A camera that sends JPEGs itself. */
    readonly readMjpeg: { readonly perPicture: number, readonly perMegabit: number }
    /** In camgate's process: coded pictures to ffmpeg, and its JPEGs back. */
    readonly transcodeInCamgate: { readonly perPicture: number, readonly perMegabyte: number }
    readonly transcodeInFfmpeg: { readonly perPicture: number, readonly perMegabit: number, readonly perMegapixelDecoded: number, readonly perMegapixelEncoded: number }
    readonly mjpegViewer: { readonly perPicture: number, readonly perMegabyte: number }
    readonly liveViewer: { readonly perPicture: number, readonly perMegabit: number }
  }
  readonly memoryMegabytes: {
    readonly camgate: number
    /** ffmpeg's program and libraries, which all ffmpegs share. */
    readonly ffmpegShared: number
    readonly perCamera: number
    /** Of the pictures that a camera keeps for new viewers, for each Mbit/s that it sends. */
    readonly perMegabitPerSecond: number
    readonly perFfmpeg: number
    readonly perMegapixelDecoded: number
    readonly perMegapixelEncoded: number
  }
  readonly jpegKilobytes: { readonly perPicture: number, readonly perMegapixel: number }
  readonly openFiles: { readonly camgate: number, readonly perCamera: number, readonly perFfmpeg: number, readonly perViewer: number }
}

/** Cameras that somebody watches as MJPEG, and the viewers of each. */
export interface Watched { readonly cameras: number, readonly viewersOfEach: number }

export interface Installation {
  readonly cameras: number
  readonly codec: 'h264' | 'mjpeg'
  /** Pixels. */
  readonly width: number
  readonly height: number
  readonly picturesPerSecond: number
  /** What one camera sends. */
  readonly megabitsPerSecond: number
  /** One JPEG in the camera's own size. By default that of the simulated scene, which is plain. */
  readonly kilobytesOfJpeg?: number | undefined
  /** In the camera's own size. */
  readonly full: Watched
  /** As a rendition. */
  readonly rendition: Watched & { readonly width: number, readonly height: number }
  /** `<camgate-view>` tiles on all pages together that show the camera's own video. */
  readonly liveTiles: number
}

/** One line of the formula: `count` times `each`. */
export interface Term {
  readonly what: string
  readonly process: 'camgate' | 'ffmpeg'
  readonly count: number
  /** Milliseconds of one core a second. */
  readonly each: number
  /** How `each` comes about, with the numbers put in. */
  readonly formula: string
}

export interface Need {
  readonly terms: readonly Term[]
  /** Cores, as a fraction. camgate's own process uses one at most. */
  readonly camgateCores: number
  readonly ffmpegCores: number
  /** To buy: whole ones, of which a third is kept free. */
  readonly cores: number
  readonly camgateFits: boolean
  readonly memoryMegabytes: number
  readonly megabitsPerSecondIn: number
  readonly megabitsPerSecondOut: number
  /** Without those of pages with live tiles: one for each page. */
  readonly openFiles: number
}

/** The rest is for peaks: key pictures arrive together, and cameras and viewers come back together. */
export const USABLE_SHARE_OF_CORE = 0.7

/** Megabytes are 10^6 bytes everywhere. */
export const megapixels = ({ width, height }: { readonly width: number, readonly height: number }): number => width * height / 1e6

/** What this installation needs. Pure; all figures are estimates for a machine like the one that was measured. */
export function needOf (installation: Installation, coefficients: Coefficients): Need {
  const { cpuMilliseconds: cpu, memoryMegabytes: memory, jpegKilobytes, openFiles } = coefficients
  const { cameras, codec, picturesPerSecond: rate, megabitsPerSecond: megabits, full, rendition, liveTiles } = installation
  const [input, output] = [megapixels(installation), megapixels(rendition)]
  const plainKilobytes = (pixels: number) => jpegKilobytes.perPicture + jpegKilobytes.perMegapixel * pixels
  const detail = (installation.kilobytesOfJpeg ?? plainKilobytes(input)) / plainKilobytes(input)
  const kilobytes = (pixels: number) => detail * plainKilobytes(pixels)
  const fullMegabytes = codec === 'mjpeg' ? megabits / 8 : rate * kilobytes(input) / 1e3
  const smallMegabytes = rate * kilobytes(output) / 1e3
  const viewersOf = ({ cameras, viewersOfEach }: Watched) => cameras * viewersOfEach
  const transcodedInFull = codec === 'mjpeg' ? 0 : full.cameras

  const perSecond = (pictures: number, ...parts: ReadonlyArray<readonly [amount: number, unit: string, each: number]>) => ({
    each: rate * pictures + parts.reduce((sum, [amount, , each]) => sum + amount * each, 0),
    formula: [`${rate} pictures × ${text(pictures)} ms`, ...parts.map(([amount, unit, each]) => `${text(amount)} ${unit} × ${text(each)} ms`)].join(' + ')
  })
  const read = codec === 'mjpeg' ? cpu.readMjpeg : cpu.read
  const inCamgate = (megabytes: number) => perSecond(cpu.transcodeInCamgate.perPicture, [megabytes, 'MB', cpu.transcodeInCamgate.perMegabyte])
  const inFfmpeg = (pixels: number) => perSecond(cpu.transcodeInFfmpeg.perPicture, [megabits, 'Mbit', cpu.transcodeInFfmpeg.perMegabit],
    [rate * input, 'megapixels decoded', cpu.transcodeInFfmpeg.perMegapixelDecoded], [rate * pixels, 'megapixels encoded', cpu.transcodeInFfmpeg.perMegapixelEncoded])
  const viewer = (megabytes: number) => perSecond(cpu.mjpegViewer.perPicture, [megabytes, 'MB', cpu.mjpegViewer.perMegabyte])
  const all: Term[] = [
    { what: 'camgate itself', process: 'camgate', count: 1, each: cpu.perSecond, formula: `${text(cpu.perSecond)} ms` },
    { what: 'cameras read', process: 'camgate', count: cameras, ...perSecond(read.perPicture, [megabits, 'Mbit', read.perMegabit]) },
    { what: 'full pictures made, in camgate', process: 'camgate', count: transcodedInFull, ...inCamgate(fullMegabytes) },
    { what: 'full pictures made, in ffmpeg', process: 'ffmpeg', count: transcodedInFull, ...inFfmpeg(input) },
    { what: 'viewers of full pictures', process: 'camgate', count: viewersOf(full), ...viewer(fullMegabytes) },
    { what: 'renditions made, in camgate', process: 'camgate', count: rendition.cameras, ...inCamgate(smallMegabytes) },
    { what: 'renditions made, in ffmpeg', process: 'ffmpeg', count: rendition.cameras, ...inFfmpeg(output) },
    { what: 'viewers of renditions', process: 'camgate', count: viewersOf(rendition), ...viewer(smallMegabytes) },
    { what: 'live tiles', process: 'camgate', count: liveTiles, ...perSecond(cpu.liveViewer.perPicture, [megabits, 'Mbit', cpu.liveViewer.perMegabit]) }
  ]
  const terms = all.filter(({ count }) => count > 0)
  const coresOf = (process: Term['process']) => terms.filter(term => term.process === process).reduce((sum, { count, each }) => sum + count * each, 0) / 1e3
  const [camgateCores, ffmpegCores] = [coresOf('camgate'), coresOf('ffmpeg')]
  const ffmpegs = transcodedInFull + rendition.cameras
  return {
    terms,
    camgateCores,
    ffmpegCores,
    cores: Math.ceil((camgateCores + ffmpegCores) / USABLE_SHARE_OF_CORE),
    camgateFits: camgateCores <= USABLE_SHARE_OF_CORE,
    memoryMegabytes: memory.camgate + cameras * (memory.perCamera + megabits * memory.perMegabitPerSecond) + (ffmpegs > 0 ? memory.ffmpegShared : 0) +
      ffmpegs * (memory.perFfmpeg + input * memory.perMegapixelDecoded) + (transcodedInFull * input + rendition.cameras * output) * memory.perMegapixelEncoded,
    megabitsPerSecondIn: cameras * megabits,
    megabitsPerSecondOut: 8 * (viewersOf(full) * fullMegabytes + viewersOf(rendition) * smallMegabytes) + liveTiles * megabits,
    openFiles: openFiles.camgate + cameras * openFiles.perCamera + ffmpegs * openFiles.perFfmpeg + (viewersOf(full) + viewersOf(rendition)) * openFiles.perViewer
  }
}

/** Three digits that count. */
export const text = (value: number): string => String(Number(value.toPrecision(3)))
