import type { ProbeReport } from './report.js'
import type { NetworkCamera } from './target.js'

/** The camera for cameras.yaml. Its password is left to the environment. Undefined if it sent no picture. */
export function yamlOf ({ video, streams }: ProbeReport, { source, credentials }: NetworkCamera, id = 'camera'): string | undefined {
  if (!video) return undefined
  const sub = streams.find(({ stream, codec }) => stream === 'sub' && (codec === 'h264' || codec === 'h265'))
  const url = 'allowSelfSigned' in source && source.allowSelfSigned ? `{ type: ${source.type}, url: ${quoted(source.url)}, allowSelfSigned: true }` : plain(source.url)
  return [
    'cameras:',
    `  ${id}:`,
    `    source: ${url}`,
    ...sub && source.type === 'rtsp' ? [`    substream: ${plain(sub.address)}`] : [],
    ...credentials ? [`    username: ${quoted(credentials.username)}`, '    password: ${CAM_PASSWORD}'] : [], // eslint-disable-line no-template-curly-in-string -- as in the file
    ''
  ].join('\n')
}

/** `#` begins a comment only after a space, which no URL has; a dollar would begin a variable. */
const plain = (url: string): string => /^[\w:/.?=&%@+~,;-]+$/.test(url) ? url : quoted(url)

/** JSON is YAML. A `$` of the text itself is doubled. */
const quoted = (text: string): string => JSON.stringify(text.replaceAll('$', () => '$$'))
