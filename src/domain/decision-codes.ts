/**
 * The closed list of what a plan may say of itself. A code is for programs and never changes its meaning; the sentence
 * beside it in a plan names the figures of one video. `docs/decision-codes.md` shows this table to readers.
 */
export const DECISION_CODES = {
  // The container.
  REMUXED: 'The pictures were first put, unchanged, into a container that can be cut exactly.',
  ONE_PIECE: 'No container takes the pictures, so they are encoded in one piece, which takes longer.',

  // The rate.
  RATE_HALVED: 'More than 60 frames a second: every second or fourth frame is kept.',
  VARIABLE_RATE: 'The frames are not evenly spaced; they are put on one even grid, repeated or dropped where needed.',

  // The picture.
  ROTATED: 'The file asks players to turn the picture; the result is stored turned.',
  MIRRORED: 'The file asks players to mirror the picture; the result is stored mirrored.',
  PORTRAIT: 'The picture is higher than wide; qualities go by its width.',
  SQUARE_PIXELS: 'The pixels are not square; the result has square ones, at the shape that players show.',
  DEINTERLACED: 'The picture comes in fields; they are joined to whole frames.',
  FIELDS_UNKNOWN: 'The file does not say whether its picture comes in fields; frames that are marked so are joined.',

  // The colours.
  TONE_MAPPED: 'HDR: brightness and colours are mapped to those of ordinary screens.',
  COLOUR_CONVERTED: 'The colours are coded in another way than BT.709 of limited range, and are converted to it.',
  COLOUR_ASSUMED: 'The file does not say, or not wholly, how its colours are coded; what its kind mostly means is taken.',
  BITS_REDUCED: 'More than 8 bits a sample; the result has 8, which every player takes.',
  HDR: 'Older plans only: HDR that was encoded as an ordinary picture, with paler colours.',

  // The qualities.
  NO_1080P: 'No 1080p: the picture is smaller, and nothing is enlarged.',
  NO_720P: 'No 720p: the picture is smaller, and nothing is enlarged.',
  NO_480P: 'No 480p: the picture is smaller, and nothing is enlarged.',
  OWN_SIZE: 'Smaller than the lowest quality: it keeps its own size.',

  // The sound.
  NO_AUDIO: 'There is no sound, or none while the picture lasts.',
  AUDIO_UNSUPPORTED: 'A sound track cannot be decoded and is left out.',
  AUDIO_COPIED: 'The sound is AAC already and is taken over as it is.',
  DOWNMIXED: 'More than two channels are mixed down to stereo.',
  RESAMPLED: 'The sample rate is converted to 48 kHz.',
  AUDIO_TRACKS: 'There is more than one sound track; viewers can choose.',
  AUDIO_DROPPED: 'A sound track is left out: it is empty, or there are more than are kept.',

  // Other tracks.
  SUBTITLES_KEPT: 'Subtitles of text can be switched on.',
  SUBTITLES_DROPPED: 'Subtitles are left out: they are pictures, of an unknown kind, or more than are kept.',
  SUBTITLES_UNREADABLE: 'A subtitle track could not be read and is left out.',
  COVER_IGNORED: 'A still picture (cover art) is no part of the film.',
  VIDEO_TRACK_DROPPED: 'There is more than one video track; the best one is taken.',
  DATA_IGNORED: 'Tracks that are neither picture, sound nor subtitles are left out.',

  // The end.
  SOURCE_TRUNCATED: 'The file ends before it should; what is whole is published.',
  OPEN_END: 'The file does not say where it ends; all that it holds is published.',

  // Damage.
  SOURCE_DAMAGED: 'Frames of the file are damaged: they are missing or made up in part; the rest is published.',
  SOUND_DAMAGED: 'Parts of the sound cannot be decoded; it is silent there, or clicks.',
} as const;

export type DecisionCode = keyof typeof DECISION_CODES;

/** Why something is as it is: a code for programs, a sentence for people. The same in API, CLI and workflow details. */
export interface Decision {
  readonly code: DecisionCode;
  readonly text: string;
}
