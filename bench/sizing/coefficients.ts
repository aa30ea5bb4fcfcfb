import { megapixels, type Coefficients } from '../../docs/.vitepress/theme/sizing/formula.js'
import { quantile } from '../table.js'
import { fit } from './fit.js'
import { RENDITION, type Holdings } from './load.js'
import type { Row } from './row.js'
import { MORE_VIEWERS, type Measured, type Phase } from './session.js'

/** One way in which a camera of a row was watched. `pixels`: megapixels of its JPEGs. */
interface Made { readonly row: Row, readonly pixels: number, readonly phase: Phase, readonly made: NonNullable<Row['full']> }

const median = (values: readonly number[]) => quantile(values, 0.5)

/** The coefficients that come closest to all rows. */
export function coefficientsOf (rows: readonly Row[]): Coefficients {
  const [h264, mjpeg] = (['h264', 'mjpeg'] as const).map(codec => rows.filter(({ plan }) => plan.codec === codec)) as [Row[], Row[]]
  const all: Made[] = rows.flatMap(row => row.full ? [{ row, pixels: megapixels(row.plan), phase: 'full', made: row.full }] : [])
  const transcoded: Made[] = [...all.filter(({ row }) => row.plan.codec === 'h264'), ...h264.flatMap(row => row.rendition ? [{ row, pixels: megapixels(RENDITION), phase: 'rendition' as const, made: row.rendition }] : [])]
  const megabytes = ({ row, made }: Made) => row.plan.fps * made.kilobytes.median / 1e3

  const read = (of: readonly Row[]) => fit(of.map(({ plan, megabits }) => ({ perPicture: plan.fps, perMegabit: megabits })), of.map(({ read }) => read))
  const withViewers = all.filter(({ row }) => row.viewer)
  const mjpegViewer = fit(withViewers.map(one => ({ perPicture: one.row.plan.fps, perMegabyte: megabytes(one) })), withViewers.map(({ row }) => row.viewer!))
  const withLive = h264.filter(({ live }) => live)
  const ofOneViewer = (one: Made) => one.row.plan.fps * mjpegViewer.perPicture + megabytes(one) * mjpegViewer.perMegabyte
  return {
    cpuMilliseconds: {
      perSecond: Math.max(0, median(rows.map(({ process }) => process.median))),
      read: read(h264),
      readMjpeg: read(mjpeg),
      transcodeInCamgate: fit(transcoded.map(one => ({ perPicture: one.row.plan.fps, perMegabyte: megabytes(one) })), transcoded.map(one => ({ ...one.made.camgate, median: one.made.camgate.median - ofOneViewer(one) }))),
      transcodeInFfmpeg: fit(transcoded.map(({ row, pixels }) => ({
        perPicture: row.plan.fps,
        perMegabit: row.megabits,
        perMegapixelDecoded: row.plan.fps * megapixels(row.plan),
        perMegapixelEncoded: row.plan.fps * pixels
      })), transcoded.map(({ made }) => made.ffmpeg)),
      mjpegViewer,
      liveViewer: fit(withLive.map(({ plan, megabits }) => ({ perPicture: plan.fps, perMegabit: megabits })), withLive.map(({ live }) => live!))
    },
    ...holdings(h264, transcoded),
    jpegKilobytes: fit(transcoded.map(({ pixels }) => ({ perPicture: 1, perMegapixel: pixels })), transcoded.map(({ made }) => made.kilobytes))
  }
}

function holdings (h264: readonly Row[], transcoded: readonly Made[]): Pick<Coefficients, 'memoryMegabytes' | 'openFiles'> {
  const at = ({ phases }: Row, phase: Phase) => phases.get(phase)!
  const moreFiles = (row: Row, phase: Phase) => at(row, phase).more.openFiles
  const ofCamera = fit(h264.map(({ megabits }) => ({ perCamera: 1, perMegabitPerSecond: megabits })), h264.map(row => exactly(at(row, 'nobody').more.privateBytes / row.plan.cameras / 1e6)))
  const ofFfmpeg = fit(transcoded.map(({ row, pixels }) => ({ perFfmpeg: 1, perMegapixelDecoded: megapixels(row.plan), perMegapixelEncoded: pixels })), transcoded.map(({ row, phase }) => exactly(perFfmpeg(at(row, phase).more))))
  const perCamera = Math.round(median(h264.map(row => moreFiles(row, 'nobody') / row.plan.cameras)))
  const perViewer = Math.round(median(h264.filter(({ viewer }) => viewer).map(row => (moreFiles(row, 'fullByMany') - moreFiles(row, 'full')) / row.plan.watched / MORE_VIEWERS)))
  return {
    memoryMegabytes: {
      // Of a process that has been busy: its heap has grown by then.
      camgate: median(h264.map(row => lastOf(row).smaller.residentBytes / 1e6 - row.plan.cameras * (ofCamera.perCamera + row.megabits * ofCamera.perMegabitPerSecond))),
      ffmpegShared: median(transcoded.map(({ row, phase }) => at(row, phase).smaller.ffmpegFileBytes / 1e6)),
      ...ofCamera,
      ...ofFfmpeg
    },
    openFiles: {
      camgate: Math.round(median(h264.map(row => at(row, 'nobody').smaller.openFiles - row.plan.cameras * perCamera))),
      perCamera,
      perFfmpeg: Math.round(median(h264.map(row => (moreFiles(row, 'full') - moreFiles(row, 'nobody')) / row.plan.watched - perViewer))),
      perViewer
    }
  }
}

const exactly = (median: number) => ({ median, spread: 0 })
const lastOf = ({ phases }: Row): Measured => [...phases.values()].at(-1)!
const perFfmpeg = ({ ffmpegPrivateBytes, ffmpegs }: Holdings) => ffmpegPrivateBytes / ffmpegs / 1e6
