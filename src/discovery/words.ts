import type { DescribedDevice } from './describe.js'

/** The devices as a table for people. */
export function tableOf (devices: readonly DescribedDevice[]): string {
  const rows = devices.map(device => [
    new URL(device.onvif).host,
    [device.maker, device.model].filter(Boolean).join(' ') || '?',
    device.name || '?',
    device.problem ?? [...device.channels.map(({ main, sub }) => [main, sub].flatMap(stream => stream ? [`${stream.width}x${stream.height} ${stream.codec}`] : []).join(' and ')), ...device.hasPtz ? ['PTZ'] : []].join(', ')
  ])
  const widths = [0, 1, 2].map(column => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row => `  ${row.map((cell, column) => column < 3 ? cell.padEnd(widths[column]!) : cell).join('  ')}`.trimEnd() + '\n').join('')
}
