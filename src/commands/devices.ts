import { answer, type Io } from '../cli/command.js'
import { describeDevices, readDevices, thisMachine } from '../cli/devices.js'
import { withProgress } from '../cli/progress.js'
import { CamgateError } from '../errors.js'
import { FfmpegInstall } from '../ffmpeg/install.js'

export const usage = `camgate devices

Lists the webcams of this machine, their formats and sizes, and the lines of cameras.yaml that show the first one. --json: { devices }.

  camgate devices
`
export const options = {} as const

export async function run (_parsed: unknown, io: Io): Promise<undefined> {
  const { path } = await new FfmpegInstall().locate().catch(() => {
    throw new CamgateError('NO_FFMPEG', 'ffmpeg is not there or cannot be run, and only ffmpeg can list the devices. Install it, or set FFMPEG_PATH.')
  })
  const devices = await withProgress(io, 'Asking the webcams', async () => await readDevices(thisMachine(path)))
  answer(io, describeDevices(devices), { devices })
}
