import type { Camera } from '../config/registry.js'
import type { Ffmpeg, FfmpegInstall } from '../ffmpeg/install.js'
import { finding, type Finding } from './finding.js'

/** Whether ffmpeg can do what these cameras need. Decoders in hardware are tried with a few pictures. Never rejects. */
export async function ffmpegFindings (install: FfmpegInstall, cameras: ReadonlyArray<Pick<Camera, 'hwaccel'>>): Promise<Finding[]> {
  try {
    const ffmpeg = await install.locate()
    return [...dialectFindings(ffmpeg), ...await hardwareFindings(ffmpeg, cameras)]
  } catch {
    return [finding('error', 'ffmpeg', 'no-ffmpeg', 'ffmpeg is not there or cannot be run.', 'Install it (apt install ffmpeg), or set FFMPEG_PATH.', 'Only cameras that send JPEGs can be shown without it.')]
  }
}

function dialectFindings ({ path, dialect }: Ffmpeg): Finding[] {
  return dialect.drawsText
    ? []
    : [finding('warning', 'ffmpeg', 'no-drawtext', `${path} was built without its filter drawtext.`, 'Install an ffmpeg that has it, as Debian\'s has, or set FFMPEG_PATH to one.', 'A camera that is off then shows a picture without words.')]
}

async function hardwareFindings ({ decoders }: Ffmpeg, cameras: ReadonlyArray<Pick<Camera, 'hwaccel'>>): Promise<Finding[]> {
  const wanted = [...new Set(cameras.map(({ hwaccel }) => hwaccel ?? 'none'))].filter(hwaccel => hwaccel !== 'none')
  const chosen = await Promise.all(wanted.flatMap(hwaccel => ['h264', 'h265'].map(codec => decoders.choose(hwaccel, codec))))
  return [...new Set(chosen.flatMap(({ note }) => note ?? []))].map(note =>
    finding('warning', 'ffmpeg', 'no-hardware', note, 'Look at docs/guide/hardware.md, or leave hwaccel out.'))
}
