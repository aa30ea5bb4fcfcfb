import { resolve } from 'node:path'
import { Type, type Static } from 'typebox'
import { redact } from '../text/redact.js'
import { refusedSize, tooLargeSentence } from '../picture-size.js'
import type { Failure } from '../failure/failure.js'
import { isPrintable } from '../text/printable.js'
import { SourceError, type NamedInput } from './source.js'

export const FileSourceSchema = Type.Object({
  type: Type.Literal('file'),
  path: Type.String({
    minLength: 1,
    description: 'The file. A relative path starts at the folder of cameras.yaml.',
    examples: ['demo.mp4']
  })
}, { additionalProperties: false, description: 'A video or picture on this machine that ffmpeg can read, played over and over; for demonstrations.' })

/** `path` is absolute. */
export type FileSource = Static<typeof FileSourceSchema>

/**
 * A relative path starts at `folder`.
 *
 * @throws {SourceError}
 */
export function normalizeFile ({ path }: FileSource, folder: string): FileSource {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) throw new SourceError('expected the path of a file on this machine, received an address; a camera in the network is another type of source', 'path')
  if (!isPrintable(path)) throw new SourceError('a path cannot hold line breaks or other control characters', 'path')
  return { type: 'file', path: resolve(folder, path) }
}

export const fileLabel = ({ path }: FileSource): string => redact(path)

/**
 * With `file:` in front, ffmpeg treats any path as a file, and a playlist can only name files. ffmpeg would not loop a JPEG, because it takes its name
 * for a series of pictures; `jpeg_pipe` does.
 */
export const fileInput = ({ path }: FileSource): NamedInput => ({
  args: ['-stream_loop', '-1', '-re', '-protocol_whitelist', 'file', .../\.jpe?g$/i.test(path) ? ['-f', 'jpeg_pipe'] : []],
  name: `file:${path}`
})

/** The failure that ffmpeg's last lines mean for a file; undefined if no pattern matches. */
export function fileFailure ({ path }: FileSource, stderr: readonly string[]): Failure | undefined {
  const tooLarge = refusedSize(stderr.join('\n'))
  if (tooLarge) return { code: 'unsupported', message: tooLargeSentence(tooLarge, `The picture in ${path}`, 'Make it smaller.') }
  const matches = (sign: RegExp) => stderr.some(line => sign.test(line))
  if (matches(/Unsafe file name/)) return { code: 'unsupported', message: `The list ${path} names a file in a way that ffmpeg does not accept. Put the files next to the list or in folders below it, give them names of letters, digits, -, _ and dots, and write them without a leading /.` }
  if (matches(/Impossible to open 'file:/)) return { code: 'not-found', message: `The list ${path} names a file that is not there, or may not be read. Correct the list.` }
  if (matches(/No such file or directory|Not a directory/)) return { code: 'not-found', message: `There is no file ${path}. Check the path; a relative one starts at the folder of cameras.yaml.` }
  if (matches(/Permission denied/)) return { code: 'not-permitted', message: `camgate may not read the file ${path}. Give the user that it runs as permission to read it.` }
  if (matches(/Is a directory/)) return { code: 'unsupported', message: `${path} is a folder, not a file. Name a film or a picture in it.` }
  if (matches(/Invalid data found when processing input|matches no streams|does not contain any stream|Protocol '\w+' not on whitelist/)) {
    return { code: 'unsupported', message: `The file ${path} holds no pictures that ffmpeg can read. Take another, such as an MP4 or a JPEG.` }
  }
  if (matches(/Operation not permitted/)) {
    return { code: 'unsupported', message: `The file ${path} cannot be played again from its beginning, as bare H.264 and H.265 cannot. Put it into an MP4: ffmpeg -i FILE -c copy FILE.mp4.` }
  }
  return undefined
}
