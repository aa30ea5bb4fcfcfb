import { PASSWORD_COMMENT, writtenText, writtenUrl } from '../yaml/written.js'
import type { ProbeReport } from './report.js'
import type { NetworkCamera } from './target.js'

/** The camera for cameras.yaml. Its password is left to the environment. Undefined if it sent no picture. */
export function yamlOf ({ video, streams }: ProbeReport, { source, credentials }: NetworkCamera, id = 'camera'): string | undefined {
  if (!video) return undefined
  const sub = streams.find(({ stream, codec }) => stream === 'sub' && (codec === 'h264' || codec === 'h265'))
  const url = 'allowSelfSigned' in source && source.allowSelfSigned ? `{ type: ${source.type}, url: ${writtenText(source.url)}, allowSelfSigned: true }` : writtenUrl(source.url)
  return [
    ...credentials ? [PASSWORD_COMMENT] : [],
    'cameras:',
    `  ${id}:`,
    `    source: ${url}`,
    ...sub && source.type === 'rtsp' ? [`    substream: ${writtenUrl(sub.address)}`] : [],
    ...credentials ? [`    username: ${writtenText(credentials.username)}`, '    password: ${CAM_PASSWORD}'] : [], // eslint-disable-line no-template-curly-in-string -- as in the file
    ''
  ].join('\n')
}
