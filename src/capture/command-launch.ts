import type { Clock } from '../clock.js'
import { hasOverlay } from '../ffmpeg/picture-settings.js'
import { findProgram } from '../processes/program.js'
import { execFailure, type ExecSource } from '../sources/exec.js'
import { noPicameraProgram, picameraArguments, picameraPrograms, picameraFailure, sensorDoes, type PicameraPicture, type PicameraSource } from '../sources/picamera.js'
import type { Attempt, AttemptEvents, Launch } from './attempt.js'
import type { LiveCamera } from '../config/registry.js'
import { CommandReader, type Command } from './command-reader.js'
import { directAttempt } from './direct-attempt.js'

/** Runs a command and passes its JPEGs on. ffmpeg encodes them again only for another size or quality. */
export const execLaunch = (clock: Clock): Launch<ExecSource> => (camera, events) => {
  const { source } = camera
  const [program, ...args] = source.command as [string, ...string[]]
  return attemptAt({ program, args, failureOf: exit => execFailure(source, exit) }, camera, clock, events)
}

/** Runs a Raspberry Pi's camera, which makes the picture as configured. If it cannot, ffmpeg does, from a standard one. */
export const picameraLaunch = (clock: Clock): Launch<PicameraSource> => (camera, events) => {
  const program = findProgram(picameraPrograms, process.env)
  if (!program) return missing(events)
  const command = (picture: PicameraPicture): Command => ({ program, args: picameraArguments(camera.source, picture), failureOf: picameraFailure })
  if (!sensorDoes(camera)) return attemptAt(command({ fps: camera.fps }), camera, clock, events)
  const { width, height, quality, rotate, flip, ...rest } = camera
  const toEncode = hasOverlay(camera) && quality !== undefined ? { ...rest, quality } : rest
  return attemptAt(command(camera), toEncode, clock, events)
}

const attemptAt = (command: Command, camera: LiveCamera, clock: Clock, events: AttemptEvents): Attempt =>
  directAttempt(camera, readerEvents => new CommandReader(command, clock, readerEvents), clock, events)

function missing ({ onExit }: AttemptEvents): Attempt {
  process.nextTick(onExit, noPicameraProgram)
  return { lastFailure: undefined, input: () => null, stop () {} }
}
