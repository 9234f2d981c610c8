/** What became of one file: a row of the report. Seconds are since its upload began, null where it never came to that. */
export interface FileRow {
  /** As it was named on the command line. */
  readonly file: string;
  readonly video_id: string | null;
  /** The video's state; `errored` also where there never was a video. */
  readonly state: string;
  readonly generation: number | null;
  readonly code: string | null;
  readonly message: string | null;
  /** Address of the master playlist. */
  readonly playback: string | null;
  readonly timings: { readonly upload_s: number | null; readonly first_playable_s: number | null; readonly published_s: number | null };
}

export function newRow(file: string): FileRow {
  return {
    file,
    video_id: null,
    state: 'waiting',
    generation: null,
    code: null,
    message: null,
    playback: null,
    timings: { upload_s: null, first_playable_s: null, published_s: null },
  };
}

/** A row and how far it is; `change` tells whoever draws it. */
export interface FileTrack {
  readonly row: FileRow;
  /** For the screen: what happens now. */
  readonly doing: string;
  /** The same, coarser: worth a line where nothing can be redrawn. */
  readonly milestone: string;
}
