/** What real ONVIF cameras do wrong. */
export const onvifQuirks = {
  'clock-off': 'its clock is three hours ahead, and it refuses logins by any other',
  'other-interface': 'the address that it announces is one of another network',
  'several-xaddrs': 'it announces three addresses, the right one last',
  'no-ptz': 'it cannot be moved',
  'no-get-services': 'it knows only GetCapabilities, as old cameras do',
  slow: 'each answer takes a second',
  garbage: 'its answers are no XML',
  'duplicate-answers': 'it answers each probe three times',
  'ignores-timeout': 'it moves on until it is told to stop'
} as const
export type OnvifQuirk = keyof typeof onvifQuirks
