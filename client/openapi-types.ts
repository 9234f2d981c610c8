/** Made by scripts/openapi.mjs from the API's description; `npm run client-types` makes it anew. */
export interface paths {
    "/v1/uploads": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Uploads, newest first
         * @description With ?fingerprint=…&status=open: the uploads of one file that can be gone on with, whatever machine began them.
         */
        get: operations["listUploads"];
        put?: never;
        /**
         * Announce a file and get its upload
         * @description Then sign parts, PUT them, and complete; or hand client_url to a browser; or ask for a put_url and PUT the whole file. Send an Idempotency-Key: a repeated request gives the same upload, and the same answer as far as the upload has not moved on.
         */
        post: operations["createUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An upload, and which parts are missing */
        get: operations["getUpload"];
        put?: never;
        post?: never;
        /**
         * Give an upload up
         * @description What was sent is deleted. Safe to repeat. A completed upload cannot be given up.
         */
        delete: operations["abortUpload"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/parts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * URLs to send parts to
         * @description PUT each part, in its exact size and in any order, to its URL, with its headers. Parts may be signed and sent again until the upload is complete.
         */
        post: operations["signParts"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/preflight": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Ask whether the file will be taken, before it is sent
         * @description Send the first and the last bytes. A file that is certain to be refused is refused at once, and the upload ends with the reason; anything less than certain is "unknown", and goes on.
         */
        post: operations["preflightUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/put-url": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * A URL for the whole file
         * @description For one PUT of up to 5 GiB. Nothing is called when it is there: it is found within moments. The URL may be asked for again; what is sent after the upload is complete changes nothing.
         */
        post: operations["signPut"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that every part is sent
         * @description The parts that the store holds decide. Safe to repeat, at any time and in parallel: a completed upload gives the same answer again. After a 503, ask again.
         */
        post: operations["completeUpload"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/params": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A form for a small file
         * @description Nothing is called when the file is there: it is found within moments.
         */
        get: operations["uppyForm"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/multipart": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begin a file in parts
         * @description The file begun last is the one: an earlier one of the same upload is dropped.
         */
        post: operations["uppyCreate"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/multipart/{multipart_id}/batch": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** URLs for several parts */
        get: operations["uppySignBatch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/multipart/{multipart_id}/{part_number}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A URL for one part */
        get: operations["uppySign"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/multipart/{multipart_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Parts that need not be sent again
         * @description Answers for a completed upload too, as long as its session lives: a client whose answer was lost asks here first.
         */
        get: operations["uppyList"];
        put?: never;
        post?: never;
        /**
         * Give the upload up
         * @description Ends the session: what was sent is deleted. A multipart that another one took the place of is gone already.
         */
        delete: operations["uppyAbort"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/uploads/{upload_id}/s3/multipart/{multipart_id}/complete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Say that every part is sent
         * @description The parts that the store holds decide; the client’s list only says how many there are. Safe to repeat, with the same answer.
         */
        post: operations["uppyComplete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the account may hold, and what it holds */
        get: operations["getUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Videos, newest first unless asked for otherwise
         * @description A cursor goes on with the list that gave it: the same order and the same filters. `limit` may change.
         */
        get: operations["listVideos"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A video and how far it is
         * @description Poll with If-None-Match, or let the server wait for the next change with ?wait=.
         */
        get: operations["getVideo"];
        put?: never;
        post?: never;
        /**
         * Delete a video
         * @description At any moment, whatever its state: it is gone from this API at once, and from the store within moments. What caches and players hold already they keep for as long as they were told to. Safe to repeat. After a 503, ask again.
         */
        delete: operations["deleteVideo"];
        options?: never;
        head?: never;
        /**
         * Change title, metadata and passthrough
         * @description At any moment, whatever the state of the video; it changes nothing else, and is told by the event video.updated. With If-Match it is done only where nothing has changed since.
         */
        patch: operations["changeVideo"];
        trace?: never;
    };
    "/v1/videos/{video_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on a video in review
         * @description The decision is taken at once; the video follows within moments.
         */
        post: operations["resolveVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/reprocess": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Make a video once more
         * @description A new generation from the uploaded file, under the rules of today. Players get the one that is published until the new one is; where the new one fails, they keep it, and `errors` says why. Follow it like an upload.
         */
        post: operations["reprocessVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/rollback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Go back to an earlier generation
         * @description At once, for everyone who begins to play from now on: `playback` has other addresses. Who is in the middle of it plays on with what was begun. A generation that is being made is not touched by this, and takes over when it is published.
         */
        post: operations["rollBackVideo"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All generations of a video
         * @description The newest first: how each stands, which one players get, and which are kept.
         */
        get: operations["listGenerations"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that happens, in order
         * @description With `Accept: text/event-stream` it is a stream: from the event after `Last-Event-ID` (or `after`), without it from now on. Each event of a video comes after the one before it, none is left out and none comes twice in one stream. Otherwise it is a page, from the beginning or after the event `after`. Progress within a stage is no event: ask the video.
         */
        get: operations["listEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/videos/{video_id}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * All that happens to one video, in order
         * @description As /v1/events, but a stream begins with the video’s first event unless told otherwise, and ends after video.deleted.
         */
        get: operations["listVideoEvents"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Webhooks, newest first */
        get: operations["listWebhooks"];
        put?: never;
        /**
         * Be told of events
         * @description From the next event on. Events are sent as Standard Webhooks 1.0.0 says: signed, at least once, those of a video one after the other. Any 2xx within 15 s is an answer; everything else is tried again, ten times in three days.
         */
        post: operations["createWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A webhook */
        get: operations["getWebhook"];
        put?: never;
        post?: never;
        /** Delete a webhook, and its log */
        delete: operations["deleteWebhook"];
        options?: never;
        head?: never;
        /** Change a webhook */
        patch: operations["changeWebhook"];
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/rotate-secret": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Get another secret
         * @description For a while both sign: the header carries two signatures, and either secret fits one of them.
         */
        post: operations["rotateSecret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send a test
         * @description An event of type webhook.test, signed and tried like any other.
         */
        post: operations["testWebhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Send events again
         * @description One, or all of a time, as far as the webhook wants them; also such as happened before it was made. They keep their ids.
         */
        post: operations["replayEvents"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/webhooks/{webhook_id}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What was sent, newest first */
        get: operations["listDeliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/ledger": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What became of every accepted upload */
        get: operations["getLedger"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The store tells of new objects under intake/
         * @description Needs the secret of EVENTS_SECRET, as header X-Reelmill-Events-Secret or as the password of HTTP Basic. Events are hints: late, repeated, in any order or never, the same objects are taken in, each once.
         */
        post: operations["receiveArrivals"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/review": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Videos that wait for a person, who waits longest first */
        get: operations["listReview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/review/{video_id}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Decide on a video in review, of whatever tenant
         * @description As its owner does at /v1/videos/{video_id}/resolve. The decision is taken at once; the video follows within moments.
         */
        post: operations["resolveReview"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/tenants": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tenants, by id */
        get: operations["listTenants"];
        put?: never;
        /** Make a tenant */
        post: operations["createTenant"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/tenants/{tenant_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /**
         * Give a tenant another tier, quota, name or policy
         * @description Each process follows within seconds.
         */
        patch: operations["changeTenant"];
        trace?: never;
    };
    "/v1/ops/tiers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Tiers and their limits */
        get: operations["listTiers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/tiers/{tier_name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Make a tier, or give it other limits
         * @description Each process follows within seconds; no restart.
         */
        put: operations["saveTier"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/tenants/{tenant_id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The API keys of a tenant
         * @description Newest first, those that have ended included; never a secret.
         */
        get: operations["listKeys"];
        put?: never;
        /**
         * Make an API key
         * @description The answer is the only place where the key stands; send an Idempotency-Key, and a lost answer can be asked for again.
         */
        post: operations["createKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/keys/{key_id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /**
         * Revoke an API key
         * @description It opens nothing any more, in every process within half a minute. Safe to repeat; a key cannot be brought back.
         */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/ops/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Who asked for what, newest first
         * @description A row for every write: in the transaction of the change where the catalogue makes it, before a workflow is asked for it otherwise. Signing further parts of an upload is none.
         */
        get: operations["listAudit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Figures for Prometheus
         * @description With METRICS_TOKEN set it asks for that as a bearer token; without, it answers callers on the same machine only.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the process alive */
        get: operations["getHealth"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Can it serve requests, and what is missing */
        get: operations["getReadiness"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/version": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What runs here */
        get: operations["getVersion"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description */
        get: operations["getOpenApi"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This description as a page, with a guide */
        get: operations["getDocs"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/docs/errors": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every error code, its status and what to do */
        get: operations["getErrorCodes"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /**
         * @description The file that will be uploaded.
         * @example {
         *       "file_name": "clip.mp4",
         *       "size_bytes": 10485760,
         *       "content_type": "video/mp4"
         *     }
         */
        CreateUpload: {
            /**
             * @description Name of the file, for people. Not a path, and no address is made from it. Absent: an upload client such as Uppy says it.
             * @example clip.mp4
             */
            file_name?: string & (unknown & unknown);
            /**
             * @description Exact size of the file. null or absent: not known yet; what is sent decides. Parts can be signed at …/parts only where it is given.
             * @example 10485760
             */
            size_bytes?: number | null;
            /**
             * @description What the file says it is. A hint only: the content decides.
             * @example video/mp4
             */
            content_type?: string;
            /**
             * @description Chosen by the client, the same for the same file on any machine: made of name, size, time of change and type. The open upload of a file is found by it.
             * @example clip.mp4-10485760-1795256100000-video/mp4
             */
            fingerprint?: string;
            /**
             * @description Every part will be signed with its checksum, and the store refuses other bytes. Absent: parts come without.
             * @enum {string}
             */
            checksum?: "sha256" | "crc32c";
            /**
             * @description put: answer with a `put_url` too, to which the whole file is sent by one PUT (up to 5 GiB).
             * @constant
             */
            method?: "put";
            /**
             * @description For people; up to 255 characters.
             * @example Holidays 2026
             */
            title?: string & (unknown & unknown);
            /**
             * @description Texts of your own, by keys of your own: up to 50, keys of 1 to 40 letters, digits and "_.:-", values of up to 500 characters. Videos can be listed by them.
             * @example {
             *       "order": "4711",
             *       "campaign": "autumn"
             *     }
             */
            metadata?: {
                [key: string]: string;
            };
            /**
             * @description Up to 255 characters that stand in the video and in each of its events and webhooks: your own id for it, say.
             * @example sku-4711
             */
            passthrough?: string;
        };
        /**
         * @description Id of an upload.
         * @example upl_0190f6a2b7c87d3e9f00a1b2c3d4e5f6
         */
        UploadId: string;
        /**
         * @description Which parts to sign URLs for.
         * @example {
         *       "part_numbers": [
         *         1,
         *         2
         *       ]
         *     }
         */
        SignParts: {
            /**
             * @description Parts to sign, from 1; at most 100, each once.
             * @example [
             *       1,
             *       2
             *     ]
             */
            part_numbers?: number[];
            /** @description The same with checksums: for uploads that were created with `checksum`, in place of part_numbers. */
            parts?: {
                part_number: number;
                /**
                 * @description Base64.
                 * @example yZRlqg==
                 */
                checksum: string;
            }[];
        };
        /**
         * @description Both ends of the file.
         * @example {
         *       "head": "AAAAHGZ0eXBpc29t",
         *       "tail": "AAAACG1vb3Y="
         *     }
         */
        PreflightUpload: {
            /**
             * Format: base64
             * @description The first bytes of the file, in base64: 4096 to 65536, or all of a smaller file.
             * @example AAAAHGZ0eXBpc29t
             */
            head: string;
            /**
             * Format: base64
             * @description The last bytes of the file, in base64: at most 65536.
             * @example AAAACG1vb3Y=
             */
            tail?: string;
        };
        /**
         * @description What Uppy says of a file.
         * @example {
         *       "filename": "clip.mp4",
         *       "type": "video/mp4",
         *       "metadata": {}
         *     }
         */
        UppyFile: {
            filename?: string;
            type?: string;
            metadata?: {
                [key: string]: unknown;
            } | null;
        };
        /**
         * @description The parts that the client sent. Only the highest number is looked at.
         * @example {
         *       "parts": [
         *         {
         *           "PartNumber": 1
         *         }
         *       ]
         *     }
         */
        UppyParts: {
            /** @default [] */
            parts?: {
                PartNumber: number;
            }[];
        };
        /**
         * @description Id of a video.
         * @example vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6
         */
        VideoId: string;
        /**
         * @description A merge patch (RFC 7396): what is absent stays, null takes away.
         * @example {
         *       "title": "Holidays 2026, part 2",
         *       "metadata": {
         *         "order": "4712",
         *         "campaign": null
         *       }
         *     }
         */
        ChangeVideo: {
            /**
             * @description null takes it away.
             * @example Holidays 2026
             */
            title?: (string & (unknown & unknown)) | null;
            /**
             * @description Entries that are named are set, those that are null are taken away, all others stay. null takes all of them away.
             * @example {
             *       "order": "4712",
             *       "campaign": null
             *     }
             */
            metadata?: {
                [key: string]: string | null;
            } | null;
            /**
             * @description null takes it away.
             * @example sku-4711
             */
            passthrough?: string | null;
        };
        /**
         * @description A person’s word on a video in review.
         * @example {
         *       "action": "retry",
         *       "note": "The worker’s disk was full."
         *     }
         */
        ResolveVideo: {
            /**
             * @description retry: run the stage that failed once more. reject: give the video up.
             * @enum {string}
             */
            action: "retry" | "reject";
            /** @description Why, for the record. */
            note?: string;
        };
        /**
         * @description Why the video is to be made once more.
         * @example {
         *       "reason": "The ladder has changed."
         *     }
         */
        ReprocessVideo: {
            /** @description Why, for the record. */
            reason?: string;
        };
        /**
         * @description Which generation players are to get.
         * @example {
         *       "generation": 1
         *     }
         */
        RollBackVideo: {
            /** @description Which one to go back to. Absent: the newest published one below the one that is live. */
            generation?: number;
        };
        /**
         * @description Id of an event.
         * @example evt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6
         */
        EventId: string;
        /**
         * @description Where to be told.
         * @example {
         *       "url": "https://example.com/hooks/reelmill",
         *       "event_types": [
         *         "video.ready"
         *       ]
         *     }
         */
        CreateWebhook: {
            /**
             * @description Where events are sent by POST: https, and a public address.
             * @example https://example.com/hooks/reelmill
             */
            url: string;
            /**
             * @description For people.
             * @default
             */
            description?: string;
            /**
             * @description Only these. Empty: all, also those that are added later.
             * @default []
             * @example [
             *       "video.ready",
             *       "video.errored"
             *     ]
             */
            event_types?: ("upload.created" | "upload.completed" | "upload.expired" | "upload.cancelled" | "video.created" | "video.updated" | "video.playable" | "video.ready" | "video.errored" | "video.review.requested" | "video.cancelled" | "video.deleted" | "video.reprocess.started" | "video.reprocess.published" | "video.reprocess.failed" | "video.reprocess.cancelled" | "video.rolled_back")[];
        };
        /**
         * @description Id of a webhook.
         * @example whk_0190f6a2b7c87d3e9f00a1b2c3d4e5f6
         */
        WebhookId: string;
        /**
         * @description What is to be otherwise; the rest stays.
         * @example {
         *       "status": "enabled"
         *     }
         */
        ChangeWebhook: {
            /**
             * @description Where events are sent by POST: https, and a public address.
             * @example https://example.com/hooks/reelmill
             */
            url?: string;
            /** @description For people. */
            description?: string;
            /**
             * @description Only these. Empty: all, also those that are added later.
             * @example [
             *       "video.ready",
             *       "video.errored"
             *     ]
             */
            event_types?: ("upload.created" | "upload.completed" | "upload.expired" | "upload.cancelled" | "video.created" | "video.updated" | "video.playable" | "video.ready" | "video.errored" | "video.review.requested" | "video.cancelled" | "video.deleted" | "video.reprocess.started" | "video.reprocess.published" | "video.reprocess.failed" | "video.reprocess.cancelled" | "video.rolled_back")[];
            /**
             * @description enabled: go on where it was, with all that happened meanwhile.
             * @enum {string}
             */
            status?: "enabled" | "disabled";
        };
        /**
         * @description How the change is made.
         * @example {
         *       "former_valid_s": 86400
         *     }
         */
        RotateSecret: {
            /**
             * @description The former secret signs too, for this many seconds.
             * @default 86400
             */
            former_valid_s?: number;
        };
        /**
         * @description One event, or all from `since` to before `until`.
         * @example {
         *       "event_id": "evt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6"
         *     }
         */
        ReplayEvents: {
            event_id?: components["schemas"]["EventId"];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            since?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            until?: string;
        };
        /**
         * @description Event records of a store, as AWS S3, EventBridge, MinIO and versitygw send them.
         * @example {
         *       "Records": [
         *         {
         *           "eventName": "s3:ObjectCreated:Put",
         *           "s3": {
         *             "bucket": {
         *               "name": "reelmill"
         *             },
         *             "object": {
         *               "key": "intake/acme/clip.mp4"
         *             }
         *           }
         *         }
         *       ]
         *     }
         */
        Arrivals: {
            [key: string]: unknown;
        };
        /**
         * @description Id of a tenant; stands in the keys of its objects.
         * @example acme
         */
        TenantId: string;
        /**
         * @description A new tenant.
         * @example {
         *       "id": "acme",
         *       "name": "Acme Films",
         *       "tier": "standard",
         *       "quota_bytes": null
         *     }
         */
        CreateTenant: {
            id: components["schemas"]["TenantId"];
            /**
             * @description For people.
             * @example Acme Films
             */
            name: string & (unknown & unknown);
            /** @default standard */
            tier?: components["schemas"]["TierName"];
            /**
             * @description Bytes that the tenant may hold in all; null: no limit.
             * @default null
             * @example 100000000000
             */
            quota_bytes?: number | null;
        };
        /**
         * @description Name of a tier.
         * @example standard
         */
        TierName: string;
        /**
         * @description What shall be different.
         * @example {
         *       "tier": "standard"
         *     }
         */
        ChangeTenant: {
            name?: string & (unknown & unknown);
            tier?: components["schemas"]["TierName"];
            /**
             * @description Bytes that the tenant may hold in all; null: no limit.
             * @example 100000000000
             */
            quota_bytes?: number | null;
            /**
             * @description What becomes of a source that is cut or damaged: `refuse` ends it with a code and how much of it is there; `publish` shows what is whole, flagged. Holds for videos that are planned from then on.
             * @example refuse
             * @enum {string}
             */
            damaged_sources?: "refuse" | "publish";
        };
        /**
         * @description All limits of a tier.
         * @example {
         *       "requests": {
         *         "per_second": 50,
         *         "burst": 200
         *       },
         *       "open_uploads": 100,
         *       "bytes_per_day": 1000000000000,
         *       "encode_minutes_per_day": 6000
         *     }
         */
        SaveTier: {
            /** @description A bucket of `burst` requests that gets `per_second` new ones; null: no limit. Calls of an upload that is under way are not counted. */
            requests: {
                per_second: number;
                burst: number;
            } | null;
            /** @description Upload sessions that may be open at a time. */
            open_uploads: number | null;
            /** @description Bytes of uploads that are begun on one day (UTC). */
            bytes_per_day: number | null;
            /** @description Minutes of video planned on one day (UTC). Used up, new uploads are refused; what was accepted is made. */
            encode_minutes_per_day: number | null;
        };
        /**
         * @description A new API key.
         * @example {
         *       "name": "web shop",
         *       "mode": "live",
         *       "scopes": [
         *         "uploads:write",
         *         "videos:read"
         *       ]
         *     }
         */
        CreateKey: {
            /**
             * @description What the key is for. Two keys of one name may be live: the old one, and the one that takes its place.
             * @example web shop
             */
            name: string & (unknown & unknown);
            /**
             * @description Stands in the key, for people and for scanners of leaked secrets; both open the same.
             * @default live
             * @enum {string}
             */
            mode?: "live" | "test";
            /**
             * @description What it may do. ops acts on all tenants, and holds none of the others.
             * @example [
             *       "uploads:write",
             *       "videos:read"
             *     ]
             */
            scopes: ("uploads:write" | "videos:read" | "videos:write" | "webhooks:write" | "ops")[];
            /**
             * @description It opens nothing from then on; null: until it is revoked.
             * @default null
             * @example null
             */
            expires_at?: string | null;
        };
        /**
         * @description Id of an API key: what stands between the second and the third "_" of it.
         * @example 4k7d0s9x2m1q8z5w
         */
        KeyId: string;
        /**
         * @description One resumable transfer of one file.
         * @example {
         *       "id": "upl_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "object": "upload",
         *       "status": "waiting",
         *       "video_id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "file_name": "clip.mp4",
         *       "size_bytes": 10485760,
         *       "content_type": "video/mp4",
         *       "part_size_bytes": 8388608,
         *       "part_count": 2,
         *       "checksum": null,
         *       "missing_parts": [
         *         1,
         *         2
         *       ],
         *       "fingerprint": null,
         *       "errors": [],
         *       "url": "https://api.example.com/v1/uploads/upl_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "client_url": "https://api.example.com/v1/uploads/upt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6_8yE0bq3Zc5gW1kq0a0b1c2d3e4f5g6h7i8j9k0l1m2n",
         *       "expires_at": "2026-11-22T10:15:00.000Z",
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "completed_at": null,
         *       "closed_at": null
         *     }
         */
        Upload: {
            id: components["schemas"]["UploadId"];
            /** @constant */
            object: "upload";
            /**
             * @description waiting: no part was signed yet. uploading: parts may be sent. The others are final.
             * @enum {string}
             */
            status: "waiting" | "uploading" | "completed" | "expired" | "cancelled" | "errored";
            video_id: components["schemas"]["VideoId"];
            /** @description Empty until the file has been named. */
            file_name: string;
            /** @description null where it was not declared and is not known yet. */
            size_bytes: number | null;
            content_type: string;
            /** @description Every part but the last has exactly this size; the last has the rest. null where the client chooses it. */
            part_size_bytes: number | null;
            /** @description At least 1: an empty file has one empty part. null where it is not known yet. */
            part_count: number | null;
            /** @description What every part is signed with; null: nothing. */
            checksum: ("sha256" | "crc32c") | null;
            /** @description Parts that the store does not hold in their exact size yet; [1] where nothing is known. Empty once closed. */
            missing_parts: number[];
            /** @description What the client knows the file by. */
            fingerprint: string | null;
            /** @description Why the file was refused, and what to do. Empty unless errored. */
            errors: {
                code: string;
                message: string;
            }[];
            /**
             * Format: uri
             * @description Address of this upload.
             */
            url: string;
            /**
             * Format: uri
             * @description The same upload for whoever holds this address: it needs no key, reaches nothing else, and ends with the upload. Give it to a browser; it is the `companionEndpoint` of Uppy.
             */
            client_url: string;
            /**
             * Format: uri
             * @description With method "put": send the file here by one PUT. Nothing else has to be called.
             */
            put_url?: string;
            /**
             * Format: date-time
             * @description The upload ends by itself then, unless completed before. Signing parts moves it on, to at most seven days after creation.
             * @example 2026-11-21T10:15:00.000Z
             */
            expires_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            completed_at: string | null;
            /** @description When it was completed, or ended otherwise; null while open. */
            closed_at: string | null;
        };
        /**
         * @description RFC 9457 problem details.
         * @example {
         *       "type": "/docs/errors#REQUEST_INVALID",
         *       "title": "Request invalid",
         *       "status": 400,
         *       "detail": "The request is not valid. The list of errors says which field and why.",
         *       "instance": "/v1/uploads",
         *       "code": "REQUEST_INVALID",
         *       "errors": [
         *         {
         *           "pointer": "/size_bytes",
         *           "detail": "Too small: expected number to be >=0"
         *         }
         *       ],
         *       "request_id": "5f0c7f0e-2f5d-4a33-8d1c-7a5b6c1d2e3f"
         *     }
         */
        Problem: {
            /** @description Address of the code’s description, relative to the API. */
            type: string;
            title: string;
            status: number;
            /** @description What is wrong and what to do about it. */
            detail: string;
            instance: string;
            /**
             * @description For programs. New codes may be added.
             * @enum {string}
             */
            code: "SOURCE_EMPTY" | "SOURCE_NOT_MEDIA" | "SOURCE_NO_VIDEO" | "SOURCE_AUDIO_ONLY" | "SOURCE_STILL_PICTURE" | "SOURCE_TRUNCATED" | "SOURCE_CORRUPT" | "SOURCE_DAMAGED" | "SOURCE_UNSUPPORTED" | "SOURCE_LIMITS" | "SOURCE_PIXELS" | "SOURCE_DURATION" | "SOURCE_FRAME_RATE" | "SOURCE_TRACKS" | "SOURCE_EDITS" | "SOURCE_COST" | "SOURCE_CHANGED" | "REQUEST_INVALID" | "UNAUTHENTICATED" | "WRONG_KEYS" | "FORBIDDEN" | "NOT_FOUND" | "METHOD_NOT_ALLOWED" | "PAYLOAD_TOO_LARGE" | "UNSUPPORTED_MEDIA_TYPE" | "IDEMPOTENCY_KEY_REUSED" | "UPLOAD_TOO_LARGE" | "UPLOAD_INCOMPLETE" | "UPLOAD_MISMATCH" | "UPLOAD_DAMAGED" | "UPLOAD_CLOSED" | "UPLOAD_EXPIRED" | "QUOTA_EXCEEDED" | "TOO_MANY_STREAMS" | "DAILY_LIMIT" | "UPLOADS_LIMIT" | "RATE_LIMITED" | "IDEMPOTENCY_KEY_IN_USE" | "PRECONDITION_FAILED" | "METADATA_LIMIT" | "CONFLICT" | "GENERATION_RUNNING" | "GENERATION_GONE" | "SOURCE_GONE" | "ENCODE_FAILED" | "ENCODE_STALLED" | "DECODER_CRASHED" | "INSPECT_STALLED" | "ENCODE_MISMATCH" | "RESOURCE_LIMIT" | "INIT_MISMATCH" | "IMAGES_FAILED" | "VERIFY_MISSING" | "VERIFY_SIZE" | "VERIFY_HASH" | "VERIFY_PACKETS" | "VERIFY_TRACKS" | "VERIFY_TIMELINE" | "VERIFY_SUBTITLES" | "VERIFY_PLAYLIST" | "STORAGE_UNAVAILABLE" | "CATALOGUE_UNAVAILABLE" | "WORKFLOWS_UNAVAILABLE" | "OVERLOADED" | "DISK_FULL" | "ENCODE_KILLED" | "SANDBOX_FAILED" | "WORKER_DRAINING" | "CANCELLED" | "CONFIG_INVALID" | "INTERNAL";
            /** @description Each fault of the request; pointer is a JSON Pointer into the body, or begins with /query or /headers. */
            errors?: {
                pointer: string;
                detail: string;
            }[];
            /** @description With UPLOAD_INCOMPLETE: what to send. */
            missing_parts?: number[];
            /** @description Also in the header X-Request-Id; name it when asking for help. */
            request_id: string;
        };
        /**
         * @description A page of uploads, newest first.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        UploadList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Upload"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description One URL a part.
         * @example {
         *       "parts": [
         *         {
         *           "part_number": 1,
         *           "size_bytes": 8388608,
         *           "url": "https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1&X-Amz-Signature=0f3a",
         *           "headers": {}
         *         }
         *       ],
         *       "expires_at": "2026-11-21T10:30:00.000Z"
         *     }
         */
        SignedParts: {
            parts: {
                part_number: number;
                /** @description The only size that this part may have. */
                size_bytes: number;
                /**
                 * Format: uri
                 * @description PUT the part’s bytes here. A 403 means: sign again. A 400: other bytes than the checksum’s arrived; send them again.
                 */
                url: string;
                /** @description Send these with the PUT, and no others. Empty where the upload has no checksum. */
                headers: {
                    [key: string]: string;
                };
            }[];
            /**
             * Format: date-time
             * @description The URLs end then. A part may be signed again at any time.
             * @example 2026-11-21T10:15:00.000Z
             */
            expires_at: string;
        };
        /**
         * @description What the ends of a file say of it.
         * @example {
         *       "object": "preflight",
         *       "verdict": "accepted"
         *     }
         */
        Preflight: {
            /** @constant */
            object: "preflight";
            /**
             * @description accepted: a container that is taken, and whole by its own account. unknown: these bytes prove nothing; only the whole file can tell.
             * @enum {string}
             */
            verdict: "accepted" | "unknown";
        };
        /**
         * @description Where to send the whole file.
         * @example {
         *       "put_url": "https://s3.example.com/reelmill/arrivals/a1b2?X-Amz-Signature=0f3a",
         *       "expires_at": "2026-11-21T10:30:00.000Z"
         *     }
         */
        PutUrl: {
            /**
             * Format: uri
             * @description PUT the whole file here, without further headers: curl -T FILE "URL".
             */
            put_url: string;
            /**
             * Format: date-time
             * @description The PUT has to begin before.
             * @example 2026-11-21T10:15:00.000Z
             */
            expires_at: string;
        };
        /**
         * @description Where to POST the file, and the fields to send before it.
         * @example {
         *       "url": "https://s3.example.com/reelmill",
         *       "fields": {
         *         "key": "…"
         *       }
         *     }
         */
        UppyForm: {
            /** Format: uri */
            url: string;
            fields: {
                [key: string]: string;
            };
        };
        /**
         * @description What the other calls are made with.
         * @example {
         *       "key": "sources/…",
         *       "uploadId": "2~abc"
         *     }
         */
        UppyMultipart: {
            key: string;
            uploadId: string;
        };
        /**
         * @description One URL a part.
         * @example {
         *       "presignedUrls": {
         *         "1": "https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1"
         *       }
         *     }
         */
        UppyUrls: {
            presignedUrls: {
                [key: string]: string;
            };
        };
        /**
         * @description Where to PUT the part.
         * @example {
         *       "url": "https://s3.example.com/reelmill/sources/acme/a1b2?partNumber=1"
         *     }
         */
        UppyUrl: {
            /** Format: uri */
            url: string;
        };
        /**
         * @description The parts that need not be sent again.
         * @example [
         *       {
         *         "PartNumber": 1,
         *         "ETag": "\"9b2c…\"",
         *         "Size": 5242880
         *       }
         *     ]
         */
        UppyPartList: {
            PartNumber: number;
            ETag: string;
            Size: number;
        }[];
        /**
         * @description Done.
         * @example {}
         */
        Nothing: Record<string, never>;
        /**
         * @description The upload is complete. `location` is its address.
         * @example {
         *       "location": "https://api.example.com/v1/uploads/upl_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "key": "sources/…",
         *       "video_id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6"
         *     }
         */
        UppyDone: {
            /** Format: uri */
            location: string;
            key: string;
            video_id: components["schemas"]["VideoId"];
        };
        /**
         * @description The account: what may be held, and what is.
         * @example {
         *       "object": "usage",
         *       "quota_bytes": 100000000000,
         *       "reserved_bytes": 10485760,
         *       "stored_bytes": 2500000000,
         *       "open_uploads": 1,
         *       "today": {
         *         "bytes": 10485760,
         *         "encode_minutes": 12
         *       },
         *       "tier": {
         *         "name": "unlimited",
         *         "object": "tier",
         *         "requests": null,
         *         "open_uploads": null,
         *         "bytes_per_day": null,
         *         "encode_minutes_per_day": null
         *       }
         *     }
         */
        Usage: {
            /** @constant */
            object: "usage";
            /** @description What may be held in all; null: no limit. */
            quota_bytes: number | null;
            /** @description Held for open uploads, in their declared sizes. */
            reserved_bytes: number;
            /** @description Held by the sources of videos. */
            stored_bytes: number;
            /** @description Upload sessions that are open. */
            open_uploads: number;
            /** @description What counts for this day (UTC): bytes of uploads that were begun, minutes of video that were planned. */
            today: {
                bytes: number;
                encode_minutes: number;
            };
            tier: components["schemas"]["Tier"];
        };
        /**
         * @description What tenants of one kind may use.
         * @example {
         *       "name": "standard",
         *       "object": "tier",
         *       "requests": {
         *         "per_second": 50,
         *         "burst": 200
         *       },
         *       "open_uploads": 100,
         *       "bytes_per_day": 1000000000000,
         *       "encode_minutes_per_day": 6000
         *     }
         */
        Tier: {
            name: components["schemas"]["TierName"];
            /** @constant */
            object: "tier";
            /** @description A bucket of `burst` requests that gets `per_second` new ones; null: no limit. Calls of an upload that is under way are not counted. */
            requests: {
                per_second: number;
                burst: number;
            } | null;
            /** @description Upload sessions that may be open at a time. */
            open_uploads: number | null;
            /** @description Bytes of uploads that are begun on one day (UTC). */
            bytes_per_day: number | null;
            /** @description Minutes of video planned on one day (UTC). Used up, new uploads are refused; what was accepted is made. */
            encode_minutes_per_day: number | null;
        };
        /**
         * @description A page of videos.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        VideoList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Video"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description A video, from its announcement to its published qualities.
         * @example {
         *       "id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "object": "video",
         *       "name": "clip.mp4",
         *       "status": "preparing",
         *       "title": "Holidays 2026",
         *       "metadata": {
         *         "order": "4711",
         *         "campaign": "autumn"
         *       },
         *       "passthrough": "sku-4711",
         *       "playable": false,
         *       "progress": {
         *         "percent": 34,
         *         "stage": "encode",
         *         "chunks_done": 3,
         *         "chunks_total": 9,
         *         "eta_s": {
         *           "low": 40,
         *           "high": 75
         *         }
         *       },
         *       "generation": 1,
         *       "live_generation": null,
         *       "duration_ms": 52208,
         *       "width": 1280,
         *       "height": 720,
         *       "renditions": [
         *         {
         *           "name": "720p",
         *           "width": 1280,
         *           "height": 720,
         *           "status": "encoding"
         *         }
         *       ],
         *       "stages": [
         *         {
         *           "stage": "queued",
         *           "started_at": "2026-11-21T10:15:00.000Z",
         *           "ms": 120,
         *           "running_since": null
         *         },
         *         {
         *           "stage": "inspect",
         *           "started_at": "2026-11-21T10:15:00.000Z",
         *           "ms": 640,
         *           "running_since": null
         *         },
         *         {
         *           "stage": "plan",
         *           "started_at": "2026-11-21T10:15:00.000Z",
         *           "ms": 55,
         *           "running_since": null
         *         },
         *         {
         *           "stage": "encode",
         *           "started_at": "2026-11-21T10:15:00.000Z",
         *           "ms": 0,
         *           "running_since": "2026-11-21T10:15:00.000Z"
         *         }
         *       ],
         *       "decisions": [
         *         {
         *           "code": "NO_1080P",
         *           "text": "No 1080p: the source has 720 pixels on its shorter side, and enlarging it would add nothing."
         *         }
         *       ],
         *       "cost": null,
         *       "truncated": false,
         *       "playback": null,
         *       "errors": [],
         *       "source": {
         *         "size_bytes": 10485760,
         *         "content_type": "video/mp4"
         *       },
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "updated_at": "2026-11-21T10:15:00.000Z",
         *       "uploaded_at": "2026-11-21T10:15:00.000Z",
         *       "playable_at": null,
         *       "published_at": null,
         *       "version": 7
         *     }
         */
        Video: {
            id: components["schemas"]["VideoId"];
            /** @constant */
            object: "video";
            /** @description Empty until the file has been named. */
            name: string;
            /**
             * @description New states may be added: treat an unknown one as "in progress".
             * @enum {string}
             */
            status: "waiting" | "uploading" | "queued" | "preparing" | "review" | "ready" | "errored" | "cancelled" | "deleted";
            /**
             * @description For people; up to 255 characters.
             * @example Holidays 2026
             */
            title: string | null;
            /**
             * @description Texts of your own, by keys of your own: up to 50, keys of 1 to 40 letters, digits and "_.:-", values of up to 500 characters. Videos can be listed by them.
             * @example {
             *       "order": "4711",
             *       "campaign": "autumn"
             *     }
             */
            metadata: {
                [key: string]: string;
            };
            /**
             * @description Up to 255 characters that stand in the video and in each of its events and webhooks: your own id for it, say.
             * @example sku-4711
             */
            passthrough: string | null;
            /** @description A player can begin, be it before all is done. */
            playable: boolean;
            progress: {
                /** @description Never falls within a generation. */
                percent: number;
                stage: ("inspect" | "plan" | "encode" | "package" | "verify" | "publish") | null;
                chunks_done: number;
                chunks_total: number;
                /** @description Seconds until it is published, as a range, counted from updated_at; null where nothing was measured yet. */
                eta_s: {
                    low: number;
                    high: number;
                } | null;
            };
            /** @description The encode that is being made, or was begun last; 0 before the upload is complete. */
            generation: number;
            /** @description The encode that players get. */
            live_generation: number | null;
            duration_ms: number | null;
            width: number | null;
            height: number | null;
            /** @description Qualities, highest first, of the encode that is being made, else of the one that players get. All of a chunk’s are made together, so they move together. */
            renditions: {
                name: string;
                width: number;
                height: number;
                /** @enum {string} */
                status: "waiting" | "encoding" | "encoded" | "ready" | "review" | "errored" | "cancelled";
            }[];
            /** @description What this generation went through, in the order of its stages. */
            stages: {
                /** @description One of queued, inspect, plan, encode, package, verify, publish, review. New ones may be added. */
                stage: string;
                /**
                 * Format: date-time
                 * @description When it was begun first.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                started_at: string;
                /** @description How long it took, without the run that is under way; a stage that was run again counts all runs. */
                ms: number;
                /** @description null: it is over, or not under way now. */
                running_since: string | null;
            }[];
            /** @description Why that encode is as it is, for programs and for people. */
            decisions: {
                code: string;
                text: string;
            }[];
            /** @description Of that encode, so far; null while nothing is known of it. */
            cost: components["schemas"]["Cost"] | null;
            /** @description The file that was uploaded ends before it should, and only what is whole of it is shown. */
            truncated: boolean;
            /** @description Addresses for players; null while nothing can be played. Before the first publish it is what is encoded so far: a playlist that grows. */
            playback: {
                /** Format: uri */
                hls: string;
                poster: string | null;
                storyboard_vtt: string | null;
            } | null;
            /** @description Why it was refused or waits for review, and what to do. With ready: why another generation failed, while the one before plays on. */
            errors: {
                code: string;
                message: string;
            }[];
            source: {
                /** @description null while it is not known yet. */
                size_bytes: number | null;
                content_type: string;
            };
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            updated_at: string;
            uploaded_at: string | null;
            playable_at: string | null;
            published_at: string | null;
            /** @description Rises with every change; the ETag is made from it. */
            version: number;
        };
        /**
         * @description What a generation has cost so far. Each attempt at each step counts once.
         * @example {
         *       "cpu_s": 61.2,
         *       "wall_s": 70.4,
         *       "bytes_read": 31000000,
         *       "bytes_written": 12500000,
         *       "requests": 160,
         *       "attempts": 9,
         *       "encoded_s": {
         *         "720p": 52.2,
         *         "480p": 52.2,
         *         "audio": 52.2
         *       },
         *       "wasted": {
         *         "cpu_s": 4.1,
         *         "wall_s": 5,
         *         "bytes_read": 2000000,
         *         "bytes_written": 0,
         *         "requests": 4,
         *         "attempts": 1
         *       },
         *       "unreported": {
         *         "attempts": 0,
         *         "cpu_s": 0
         *       }
         *     }
         */
        Cost: {
            /** @description vCPU seconds of ffmpeg. */
            cpu_s: number;
            /** @description Time that attempts took, waiting for a core included. */
            wall_s: number;
            /** @description From the object store. */
            bytes_read: number;
            /** @description To the object store. */
            bytes_written: number;
            /** @description To the object store. */
            requests: number;
            attempts: number;
            /** @description Seconds of film in each quality and sound track that became part of the result. */
            encoded_s: {
                [key: string]: number;
            };
            /** @description The part of these sums that was thrown away: attempts that failed, came late, or did once more what was done. */
            wasted: {
                /** @description vCPU seconds of ffmpeg. */
                cpu_s: number;
                /** @description Time that attempts took, waiting for a core included. */
                wall_s: number;
                /** @description From the object store. */
                bytes_read: number;
                /** @description To the object store. */
                bytes_written: number;
                /** @description To the object store. */
                requests: number;
                attempts: number;
            };
            /** @description Beside the sums: attempts that ended without a word, as on a machine that vanished. */
            unreported: {
                attempts: number;
                /** @description What was last heard of them. */
                cpu_s: number;
            };
        };
        /**
         * @description Every generation of a video, the newest first.
         * @example {
         *       "object": "list",
         *       "data": []
         *     }
         */
        GenerationList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Generation"][];
        };
        /**
         * @description One encode of a video.
         * @example {
         *       "object": "generation",
         *       "video_id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "generation": 1,
         *       "status": "published",
         *       "live": true,
         *       "kept": true,
         *       "reason": null,
         *       "hls": "https://cdn.example.com/media/vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6/g1/master.m3u8",
         *       "size_bytes": 12400000,
         *       "duration_ms": 52208,
         *       "errors": [],
         *       "cost": null,
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "settled_at": "2026-11-21T10:15:00.000Z",
         *       "superseded_at": null,
         *       "retired_at": null
         *     }
         */
        Generation: {
            /** @constant */
            object: "generation";
            video_id: components["schemas"]["VideoId"];
            generation: number;
            /**
             * @description New states may be added.
             * @enum {string}
             */
            status: "queued" | "preparing" | "review" | "published" | "errored" | "cancelled";
            /** @description Players get this one. */
            live: boolean;
            /** @description It was published and its media are there: it is live, or can be gone back to. */
            kept: boolean;
            /** @description What was said when it was asked for; null for the first. */
            reason: string | null;
            /** @description Its playlist; null where it is not kept. */
            hls: string | null;
            /** @description Of all its media; null where it was not published. */
            size_bytes: number | null;
            duration_ms: number | null;
            /** @description Why it was refused or waits for review. */
            errors: {
                code: string;
                message: string;
            }[];
            /** @description null while nothing is known of it. */
            cost: components["schemas"]["Cost"] | null;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            /** @description When it was published, refused or cancelled. */
            settled_at: string | null;
            /** @description Since when players get another one; null for what is live, or never was. */
            superseded_at: string | null;
            /** @description Since when its media are being removed, or gone. */
            retired_at: string | null;
        };
        /**
         * @description Events, oldest first.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "last_id": null,
         *       "has_more": false
         *     }
         */
        EventList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Event"][];
            /** @description Give it as `after` the next time; null while there is none. */
            last_id: string | null;
            has_more: boolean;
        };
        /**
         * @description Something that happened to a video.
         * @example {
         *       "id": "evt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "object": "event",
         *       "type": "video.ready",
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "video_id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "sequence": 9,
         *       "data": {
         *         "status": "ready",
         *         "generation": 1,
         *         "live_generation": 1,
         *         "playable": true,
         *         "progress": {
         *           "percent": 100,
         *           "stage": "publish"
         *         },
         *         "version": 12,
         *         "passthrough": "sku-4711",
         *         "errors": []
         *       }
         *     }
         */
        Event: {
            id: components["schemas"]["EventId"];
            /** @constant */
            object: "event";
            /** @description New types may be added. Today: upload.created, upload.completed, upload.expired, upload.cancelled, video.created, video.updated, video.playable, video.ready, video.errored, video.review.requested, video.cancelled, video.deleted, video.reprocess.started, video.reprocess.published, video.reprocess.failed, video.reprocess.cancelled, video.rolled_back. */
            type: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            video_id: components["schemas"]["VideoId"];
            /** @description 1, 2, 3 … without a gap per video. */
            sequence: number;
            /** @description How the video stood with this event. Who wants more reads the video. */
            data: {
                [key: string]: unknown;
            };
        };
        /**
         * @description Where a tenant is told of events.
         * @example {
         *       "id": "whk_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "object": "webhook",
         *       "url": "https://example.com/hooks/reelmill",
         *       "description": "",
         *       "event_types": [
         *         "video.ready"
         *       ],
         *       "status": "enabled",
         *       "disabled_reason": null,
         *       "failing_since": null,
         *       "former_secret_until": null,
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "updated_at": "2026-11-21T10:15:00.000Z"
         *     }
         */
        Webhook: {
            id: components["schemas"]["WebhookId"];
            /** @constant */
            object: "webhook";
            url: string;
            description: string;
            event_types: string[];
            /** @enum {string} */
            status: "enabled" | "disabled";
            /** @description requested; gone: the receiver answered 410; failing: it took nothing for three days. null while enabled. */
            disabled_reason: string | null;
            /** @description null where its last answer was good. */
            failing_since: string | null;
            /** @description Until then two secrets sign. */
            former_secret_until: string | null;
            /** @description Only in the answer that made it: it is not shown again. */
            secret?: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            updated_at: string;
        };
        /**
         * @description Webhooks, newest first.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        WebhookList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Webhook"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description Queued; the log of deliveries tells the rest.
         * @example {
         *       "object": "webhook_test",
         *       "event_id": "evt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6"
         *     }
         */
        WebhookTest: {
            /** @constant */
            object: "webhook_test";
            event_id: components["schemas"]["EventId"];
        };
        /**
         * @description How many are sent again.
         * @example {
         *       "object": "replay",
         *       "queued": 1
         *     }
         */
        Replayed: {
            /** @constant */
            object: "replay";
            /** @description Those that were pending already are not counted. */
            queued: number;
        };
        /**
         * @description Deliveries, newest first.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        DeliveryList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Delivery"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description One event for one webhook, and what became of it.
         * @example {
         *       "object": "delivery",
         *       "event_id": "evt_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *       "type": "video.ready",
         *       "status": "delivered",
         *       "sent": 1,
         *       "next_at": null,
         *       "tries": [
         *         {
         *           "at": "2026-11-21T10:15:00.000Z",
         *           "status": 204,
         *           "error": null,
         *           "ms": 31
         *         }
         *       ],
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "settled_at": "2026-11-21T10:15:00.000Z"
         *     }
         */
        Delivery: {
            /** @constant */
            object: "delivery";
            /** @description Also the header webhook-id, over all tries. */
            event_id: components["schemas"]["EventId"];
            type: string;
            /** @enum {string} */
            status: "pending" | "delivered" | "failed";
            /** @description How often it was sent, replays included. */
            sent: number;
            /** @description The next try, where it is not the turn of an earlier event of its video. */
            next_at: string | null;
            /** @description The last twenty; status null: there was no answer. */
            tries: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                at: string;
                status: number | null;
                error: string | null;
                ms: number;
            }[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            settled_at: string | null;
        };
        /**
         * @description accepted = published + rejected + in_review + in_flight + cancelled + deleted, read in one moment.
         * @example {
         *       "object": "ledger",
         *       "accepted": 3,
         *       "published": 2,
         *       "rejected": 0,
         *       "in_review": 0,
         *       "in_flight": 1,
         *       "cancelled": 0,
         *       "deleted": 0,
         *       "gap": 0,
         *       "open_uploads": 1,
         *       "reserved_bytes": 10485760,
         *       "oldest_open_at": "2026-11-21T10:15:00.000Z",
         *       "oldest_in_flight_at": "2026-11-21T10:15:00.000Z",
         *       "tenants": [],
         *       "reconciler": null
         *     }
         */
        Ledger: {
            /** @constant */
            object: "ledger";
            /** @description Uploads that were completed. */
            accepted: number;
            published: number;
            /** @description Refused, with a reason that the video tells. */
            rejected: number;
            in_review: number;
            in_flight: number;
            /** @description By request. */
            cancelled: number;
            /** @description By request. */
            deleted: number;
            /** @description accepted less all others. Anything but 0 is an alarm. */
            gap: number;
            open_uploads: number;
            /** @description What open uploads announced. */
            reserved_bytes: number;
            oldest_open_at: string | null;
            oldest_in_flight_at: string | null;
            tenants: {
                tenant_id: string;
                /** @description Uploads that were completed. */
                accepted: number;
                published: number;
                /** @description Refused, with a reason that the video tells. */
                rejected: number;
                in_review: number;
                in_flight: number;
                /** @description By request. */
                cancelled: number;
                /** @description By request. */
                deleted: number;
                /** @description accepted less all others. Anything but 0 is an alarm. */
                gap: number;
                open_uploads: number;
                /** @description What open uploads announced. */
                reserved_bytes: number;
                oldest_open_at: string | null;
                oldest_in_flight_at: string | null;
            }[];
            /** @description What reconciling last did, over all tenants; null before its first run, and for keys without the scope "ops". */
            reconciler: {
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                started_at: string;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                finished_at: string;
                /** @description Of the last run, by kind. */
                repairs: {
                    [key: string]: number;
                };
                repairs_total: {
                    [key: string]: number;
                };
                alarms: {
                    what: string;
                    subject: string;
                    todo: string;
                }[];
                open_multiparts: number;
                oldest_multipart_at: string | null;
            } | null;
        };
        /**
         * @description How much of it was taken as a hint.
         * @example {
         *       "object": "arrivals",
         *       "looked_at": 1
         *     }
         */
        ArrivalsTaken: {
            /** @constant */
            object: "arrivals";
            /** @description Keys under intake/ that are looked at now. */
            looked_at: number;
        };
        /**
         * @description Videos that wait for a person, who waits longest first.
         * @example {
         *       "object": "list",
         *       "data": [
         *         {
         *           "video_id": "vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6",
         *           "object": "review",
         *           "tenant_id": "acme",
         *           "name": "clip.mp4",
         *           "title": null,
         *           "size_bytes": 10485760,
         *           "generation": 1,
         *           "code": "ENCODE_FAILED",
         *           "message": "A piece of the video could not be encoded. It waits for review.",
         *           "stage": "encode",
         *           "since": "2026-11-21T10:15:00.000Z",
         *           "tried": [],
         *           "actions": [
         *             {
         *               "action": "retry",
         *               "description": "Run the stage that failed once more.",
         *               "method": "POST",
         *               "path": "/v1/ops/review/vid_0190f6a2b7c87d3e9f00a1b2c3d4e5f6/resolve",
         *               "body": {
         *                 "action": "retry"
         *               }
         *             }
         *           ]
         *         }
         *       ],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        ReviewList: {
            /** @constant */
            object: "list";
            data: {
                video_id: components["schemas"]["VideoId"];
                /** @constant */
                object: "review";
                tenant_id: components["schemas"]["TenantId"];
                /** @description Of the file. */
                name: string;
                title: string | null;
                size_bytes: number | null;
                generation: number;
                /** @description Why it waits, for programs. */
                code: string;
                /** @description Why it waits, for people. */
                message: string;
                /** @description The stage that failed, after its own retries. */
                stage: ("inspect" | "plan" | "encode" | "package" | "verify" | "publish") | null;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                since: string;
                /** @description Each time that it waited before and was tried again, the latest last. */
                tried: {
                    code: string;
                    stage: ("inspect" | "plan" | "encode" | "package" | "verify" | "publish") | null;
                    /**
                     * Format: date-time
                     * @description RFC 3339, UTC.
                     * @example 2026-11-21T10:15:00.000Z
                     */
                    since: string;
                    /**
                     * Format: date-time
                     * @description RFC 3339, UTC.
                     * @example 2026-11-21T10:15:00.000Z
                     */
                    retried_at: string;
                }[];
                /** @description What can be done, and the call for it. */
                actions: {
                    action: string;
                    description: string;
                    /** @constant */
                    method: "POST";
                    path: string;
                    body: {
                        [key: string]: unknown;
                    };
                }[];
            }[];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description Who owns videos, and what they may use.
         * @example {
         *       "id": "acme",
         *       "object": "tenant",
         *       "name": "Acme Films",
         *       "tier": "standard",
         *       "quota_bytes": null,
         *       "damaged_sources": "refuse",
         *       "created_at": "2026-11-21T10:15:00.000Z"
         *     }
         */
        Tenant: {
            id: components["schemas"]["TenantId"];
            /** @constant */
            object: "tenant";
            name: string;
            tier: string;
            quota_bytes: number | null;
            /**
             * @description What becomes of a source that is cut or damaged: `refuse` ends it with a code and how much of it is there; `publish` shows what is whole, flagged. Holds for videos that are planned from then on.
             * @example refuse
             * @enum {string}
             */
            damaged_sources: "refuse" | "publish";
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
        };
        /**
         * @description A page of tenants, by id.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        TenantList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Tenant"][];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description All tiers.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        TierList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["Tier"][];
            next_cursor: null;
            /** @constant */
            has_more: false;
        };
        /**
         * @description A key with its secret.
         * @example {
         *       "id": "4k7d0s9x2m1q8z5w",
         *       "object": "api_key",
         *       "tenant_id": "acme",
         *       "name": "web shop",
         *       "mode": "live",
         *       "scopes": [
         *         "uploads:write",
         *         "videos:read"
         *       ],
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "expires_at": null,
         *       "revoked_at": null,
         *       "last_used_at": null,
         *       "key": "rm_live_4k7d0s9x2m1q8z5w_…"
         *     }
         */
        NewApiKey: {
            id: components["schemas"]["KeyId"];
            /** @constant */
            object: "api_key";
            tenant_id: components["schemas"]["TenantId"];
            name: string;
            /** @enum {string} */
            mode: "live" | "test";
            scopes: string[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
            /** @description To the minute; null: never. */
            last_used_at: string | null;
            /** @description The key itself. It is shown this once; only its hash is kept. */
            key: string;
        };
        /**
         * @description All keys of a tenant.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        ApiKeyList: {
            /** @constant */
            object: "list";
            data: components["schemas"]["ApiKey"][];
            next_cursor: null;
            /** @constant */
            has_more: false;
        };
        /**
         * @description A key, without its secret.
         * @example {
         *       "id": "4k7d0s9x2m1q8z5w",
         *       "object": "api_key",
         *       "tenant_id": "acme",
         *       "name": "web shop",
         *       "mode": "live",
         *       "scopes": [
         *         "uploads:write",
         *         "videos:read"
         *       ],
         *       "created_at": "2026-11-21T10:15:00.000Z",
         *       "expires_at": null,
         *       "revoked_at": null,
         *       "last_used_at": null
         *     }
         */
        ApiKey: {
            id: components["schemas"]["KeyId"];
            /** @constant */
            object: "api_key";
            tenant_id: components["schemas"]["TenantId"];
            name: string;
            /** @enum {string} */
            mode: "live" | "test";
            scopes: string[];
            /**
             * Format: date-time
             * @description RFC 3339, UTC.
             * @example 2026-11-21T10:15:00.000Z
             */
            created_at: string;
            expires_at: string | null;
            revoked_at: string | null;
            /** @description To the minute; null: never. */
            last_used_at: string | null;
        };
        /**
         * @description Who asked for what, newest first.
         * @example {
         *       "object": "list",
         *       "data": [],
         *       "next_cursor": null,
         *       "has_more": false
         *     }
         */
        AuditList: {
            /** @constant */
            object: "list";
            data: {
                position: number;
                /**
                 * Format: date-time
                 * @description RFC 3339, UTC.
                 * @example 2026-11-21T10:15:00.000Z
                 */
                at: string;
                /** @description Of the key. */
                tenant_id: string;
                /** @description upload-token: whoever held the address of the upload. */
                key_id: string;
                /** @description operationId. */
                route: string;
                target_id: string | null;
                request_id: string;
            }[];
            next_cursor: string | null;
            has_more: boolean;
        };
        /**
         * @description The process lives.
         * @example {
         *       "status": "ok"
         *     }
         */
        Health: {
            /** @constant */
            status: "ok";
        };
        /**
         * @description Whether requests can be served, and what is missing.
         * @example {
         *       "status": "not_ready",
         *       "checks": {
         *         "catalogue": "ok",
         *         "store": "ok",
         *         "workflows": "missing"
         *       },
         *       "missing": [
         *         "workflows"
         *       ]
         *     }
         */
        Readiness: {
            /** @enum {string} */
            status: "ready" | "not_ready";
            /** @description Each service that the API stands on. */
            checks: {
                [key: string]: "ok" | "missing";
            };
            /** @description Names of what is not there yet. */
            missing: string[];
        };
        /**
         * @description What runs here.
         * @example {
         *       "name": "reelmill",
         *       "version": "0.1.0",
         *       "node": "v20.20.2"
         *     }
         */
        Version: {
            /** @constant */
            name: "reelmill";
            version: string;
            node: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listUploads: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before; opaque, and good for this list with the same filters and order only. */
                cursor?: string;
                /** @description Only these states, separated by commas: waiting, uploading, completed, expired, cancelled, errored; or open, for waiting and uploading. */
                status?: string;
                /** @description Only uploads of the file with this fingerprint. */
                fingerprint?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UploadList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["CreateUpload"];
            };
        };
        responses: {
            /** @description The upload, new or found again. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN, QUOTA_EXCEEDED, DAILY_LIMIT */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE, UPLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED, UPLOADS_LIMIT */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    abortUpload: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The upload has ended. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signParts: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignParts"];
            };
        };
        responses: {
            /** @description One URL a part. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignedParts"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_CLOSED, UPLOAD_EXPIRED, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED, SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_AUDIO_ONLY, SOURCE_STILL_PICTURE, SOURCE_UNSUPPORTED, SOURCE_TRUNCATED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    preflightUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["PreflightUpload"];
            };
        };
        responses: {
            /** @description Nothing speaks against the file. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preflight"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED, SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_AUDIO_ONLY, SOURCE_STILL_PICTURE, SOURCE_UNSUPPORTED, SOURCE_TRUNCATED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    signPut: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The URL. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PutUrl"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_CLOSED, UPLOAD_EXPIRED, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE, UPLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    completeUpload: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description The upload is complete, and its video is queued. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Upload"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_INCOMPLETE, UPLOAD_MISMATCH, UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE, UPLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED, SOURCE_EMPTY, SOURCE_NOT_MEDIA, SOURCE_AUDIO_ONLY, SOURCE_STILL_PICTURE, SOURCE_UNSUPPORTED, SOURCE_TRUNCATED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppyForm: {
        parameters: {
            query?: {
                /** @description Name of the file. */
                filename?: string;
                /** @description Its media type. */
                type?: string;
            };
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The form. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyForm"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED, UPLOAD_EXPIRED, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppyCreate: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UppyFile"];
            };
        };
        responses: {
            /** @description Begun. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyMultipart"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_CLOSED, UPLOAD_EXPIRED, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppySignBatch: {
        parameters: {
            query: {
                /** @description Part numbers, separated by commas; at most 100. */
                partNumbers: string;
            };
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
                /** @description The uploadId that the create call gave. */
                multipart_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URLs. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyUrls"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppySign: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
                /** @description The uploadId that the create call gave. */
                multipart_id: string;
                /** @description From 1. */
                part_number: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The URL. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyUrl"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppyList: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
                /** @description The uploadId that the create call gave. */
                multipart_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyPartList"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppyAbort: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
                /** @description The uploadId that the create call gave. */
                multipart_id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It has ended. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Nothing"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UPLOAD_CLOSED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    uppyComplete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of an upload. */
                upload_id: components["schemas"]["UploadId"];
                /** @description The uploadId that the create call gave. */
                multipart_id: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["UppyParts"];
            };
        };
        responses: {
            /** @description Complete; the video is queued. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UppyDone"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN, QUOTA_EXCEEDED */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, UPLOAD_INCOMPLETE, UPLOAD_MISMATCH, UPLOAD_DAMAGED, UPLOAD_CLOSED, UPLOAD_EXPIRED */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE, UPLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getUsage: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The account. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Usage"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVideos: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before; opaque, and good for this list with the same filters and order only. */
                cursor?: string;
                /** @description Only these states, separated by commas: waiting, uploading, queued, preparing, review, ready, errored, cancelled, deleted. */
                status?: string;
                /** @description Only what began later. */
                created_after?: string & (unknown & unknown);
                /** @description Only what began earlier. */
                created_before?: string & (unknown & unknown);
                /** @description Only what changed last later than this. */
                updated_after?: string & (unknown & unknown);
                /** @description Only what changed last earlier than this. */
                updated_before?: string & (unknown & unknown);
                /** @description Only videos with all of these entries: metadata[order]=4711. */
                metadata?: {
                    [key: string]: string;
                };
                /** @description Only videos with exactly this. */
                passthrough?: string;
                /** @description Only titles that begin so, in small or capital letters. */
                title?: string;
                /** @description "-": the newest first. By updated_at ascending nothing is missed while videos change: one that changes comes again further on. */
                sort?: "-created_at" | "created_at" | "-updated_at" | "updated_at";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VideoList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getVideo: {
        parameters: {
            query?: {
                /** @description Seconds to wait for a change: from the version in If-None-Match, or from now. */
                wait?: number;
            };
            header?: {
                /** @description ETag that the client has: answered with 304 where nothing changed. */
                "if-none-match"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The video. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description Still the version in If-None-Match. */
            304: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteVideo: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is deleted. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
                /** @description ETag of the version that the change was decided on: another one is 412. While a video is being made its version rises with its progress. */
                "if-match"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeVideo"];
                "application/merge-patch+json": components["schemas"]["ChangeVideo"];
            };
        };
        responses: {
            /** @description The video as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PRECONDITION_FAILED */
            412: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED, METADATA_LIMIT */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolveVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveVideo"];
            };
        };
        responses: {
            /** @description Taken. The video as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    reprocessVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ReprocessVideo"];
            };
        };
        responses: {
            /** @description Begun. The video as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN, DAILY_LIMIT */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, GENERATION_RUNNING, SOURCE_GONE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED, SOURCE_CHANGED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rollBackVideo: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RollBackVideo"];
            };
        };
        responses: {
            /** @description The video as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, GENERATION_GONE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listGenerations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["GenerationList"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listEvents: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description The last event that you have: what comes after it. */
                after?: components["schemas"]["EventId"] | string;
            };
            header?: {
                /** @description The last event that you have. Browsers send it by themselves when they come again. */
                "last-event-id"?: ("" | components["schemas"]["EventId"]) | string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first; with Accept: text/event-stream the same events, one by one, as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                    "text/event-stream": string;
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED, TOO_MANY_STREAMS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listVideoEvents: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description The last event that you have: what comes after it. */
                after?: components["schemas"]["EventId"] | string;
            };
            header?: {
                /** @description The last event that you have. Browsers send it by themselves when they come again. */
                "last-event-id"?: ("" | components["schemas"]["EventId"]) | string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Oldest first; with Accept: text/event-stream the same events, one by one, as they happen. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                    "text/event-stream": string;
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED, TOO_MANY_STREAMS */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWebhooks: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before; opaque, and good for this list with the same filters and order only. */
                cursor?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateWebhook"];
            };
        };
        responses: {
            /** @description It is made. Its secret stands here and nowhere else. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The webhook as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    deleteWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is gone. A call that is under way may still arrive. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeWebhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeWebhook"];
                "application/merge-patch+json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description The webhook as it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    rotateSecret: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["RotateSecret"];
            };
        };
        responses: {
            /** @description With the new secret, which stands nowhere else. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Webhook"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    testWebhook: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, never>;
            };
        };
        responses: {
            /** @description Queued. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookTest"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    replayEvents: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplayEvents"];
            };
        };
        responses: {
            /** @description Queued. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Replayed"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listDeliveries: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before; opaque, and good for this list with the same filters and order only. */
                cursor?: string;
                /** @description Only these. */
                status?: "pending" | "delivered" | "failed";
            };
            header?: never;
            path: {
                /** @description Id of a webhook. */
                webhook_id: components["schemas"]["WebhookId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getLedger: {
        parameters: {
            query?: {
                /** @description own: the tenant of the key. all: every tenant; the key needs the scope "ops". */
                tenants?: "own" | "all";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The equation and its gap. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ledger"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    receiveArrivals: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["Arrivals"];
            };
        };
        responses: {
            /** @description Taken as hints. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ArrivalsTaken"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WORKFLOWS_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listReview: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before; opaque, and good for this list with the same filters and order only. */
                cursor?: string;
                /** @description Only videos of this tenant. */
                tenant_id?: components["schemas"]["TenantId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReviewList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    resolveReview: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a video. */
                video_id: components["schemas"]["VideoId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ResolveVideo"];
            };
        };
        responses: {
            /** @description Taken. The video as it stands. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Video"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTenants: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: components["schemas"]["TenantId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TenantList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createTenant: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateTenant"];
            };
        };
        responses: {
            /** @description The tenant; made before with the same facts, as it stands. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeTenant: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a tenant; stands in the keys of its objects. */
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": components["schemas"]["ChangeTenant"];
                "application/merge-patch+json": components["schemas"]["ChangeTenant"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tenant"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listTiers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TierList"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    saveTier: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Name of a tier. */
                tier_name: components["schemas"]["TierName"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveTier"];
            };
        };
        responses: {
            /** @description As it stands. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Tier"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of a tenant; stands in the keys of its objects. */
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description All of them. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createKey: {
        parameters: {
            query?: never;
            header?: {
                /** @description Chosen by the client, new for each thing that it wants done. The same key again within a day gives the same answer (as long as the URLs in it live) and does nothing; with another request it is 422. */
                "idempotency-key"?: string;
            };
            path: {
                /** @description Id of a tenant; stands in the keys of its objects. */
                tenant_id: components["schemas"]["TenantId"];
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description The key, shown once. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewApiKey"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_IN_USE, CONFLICT */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description PAYLOAD_TOO_LARGE */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNSUPPORTED_MEDIA_TYPE */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description IDEMPOTENCY_KEY_REUSED */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description Id of an API key: what stands between the second and the third "_" of it. */
                key_id: components["schemas"]["KeyId"];
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is revoked. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description NOT_FOUND */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listAudit: {
        parameters: {
            query?: {
                /** @description At most this many. */
                limit?: number;
                /** @description next_cursor of the page before. */
                cursor?: number;
                /** @description Only what keys of this tenant asked for. */
                tenant_id?: components["schemas"]["TenantId"];
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            /** @description REQUEST_INVALID */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description FORBIDDEN */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description WRONG_KEYS, RATE_LIMITED */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE, STORAGE_UNAVAILABLE, WORKFLOWS_UNAVAILABLE, OVERLOADED */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Text exposition format. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/plain": string;
                };
            };
            /** @description UNAUTHENTICATED */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description CATALOGUE_UNAVAILABLE */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getHealth: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReadiness: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Ready. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not ready; `missing` says why. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    getVersion: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Versions. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Version"];
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOpenApi: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        openapi: string;
                    } & {
                        [key: string]: unknown;
                    };
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getDocs: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getErrorCodes: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page for people. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/html": string;
                };
            };
            /** @description INTERNAL */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
