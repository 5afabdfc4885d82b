// Made from crates/server/openapi.json by `npm run client`. Do not edit.

export interface paths {
    "/api/v1/{district}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the cases that the caller may see. */
        get: operations["cases_list"];
        put?: never;
        /** Takes a report in, with or without an account. */
        post: operations["cases_report"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/cases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One case in full. */
        get: operations["cases_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/cases/{id}/history": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened, oldest first. */
        get: operations["cases_history"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/cases/{id}/moves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves a case. */
        post: operations["cases_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/cases/{id}/photos/{photo}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A photo of a case. */
        get: operations["evidence_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/cases/{id}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tasks of a case, oldest first. */
        get: operations["cases_tasks"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What happens to the cases that the caller may read, as server-sent events: `id` is the position in the
         *     district's history, `event` the act, `data` an `EventJson`. It ends after five minutes; come back with
         *     `Last-Event-ID`, as browsers do by themselves.
         */
        get: operations["events_stream"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/evidence": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a photo: it is checked, shrunk, freed of metadata and sealed. */
        post: operations["evidence_send"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/kpi/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One figure. */
        get: operations["kpi_figure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/kpi/{name}/cases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The cases behind a figure. */
        get: operations["kpi_cases"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/locate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a point lies and who is on duty there. */
        get: operations["places_locate"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/meetings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Meetings that everybody can read about, latest first. */
        get: operations["meetings_list"];
        put?: never;
        /** Calls a meeting that lies ahead, or writes down one that was held. */
        post: operations["meetings_hold"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/meetings/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One meeting: in full for those who read meetings at its place, publicly for others. */
        get: operations["meetings_fetch"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/meetings/{id}/decisions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds a decision; handing over moves its case, or opens one. */
        post: operations["meetings_decide"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/tasks/{id}/moves": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves a task. */
        post: operations["tasks_move"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/{district}/visits": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Past visits that the caller may read, newest first. */
        get: operations["visits_list"];
        put?: never;
        /** Writes a visit down; what was heard opens a case in the same command, or nothing. */
        post: operations["visits_record"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/problems": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Every numbered problem that this API answers, in the reader's language. */
        get: operations["problems_list"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Signs in. */
        post: operations["sessions_open"];
        /** Signs out: the token of this request ends. */
        delete: operations["sessions_end"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A case in an answer. */
        CaseJson: {
            /** @description The last answer. */
            answer?: string | null;
            /** @description Masked name of the asker. */
            asker_name?: string | null;
            /** @description Masked phone of the asker. */
            asker_phone?: string | null;
            /** @description What the closing rests on. */
            basis?: string | null;
            /** @description When it came to rest. */
            closed_at?: string | null;
            /** @description The department of imported history. */
            department?: string | null;
            /** @description When the running clock is due. */
            due_at?: string | null;
            /** @description The grid it counts in. */
            grid: components["schemas"]["PlaceJson"];
            /** @description Its id. */
            id: string;
            /** @description Item code. */
            item: string;
            /** @description Item name. */
            item_says: string;
            /** @description True when a clock of it ran over. */
            late: boolean;
            /** @description The body that leads. */
            lead_body?: string | null;
            /** @description Number of the case it joined. */
            merged_into?: string | null;
            /** @description Moves that this caller may make now. */
            moves?: string[];
            /** @description Its number. */
            number: string;
            /** @description Who has it in hand, by service name. */
            owner?: string | null;
            /** @description Photos by their content ids. */
            photos?: string[];
            /** @description Where it is. */
            place: components["schemas"]["PlaceJson"];
            /** @description The day promised to the asker. */
            promised_at?: string | null;
            proposed_item?: components["schemas"]["ProposalJson"] | null;
            /** @description When it was reported (RFC 3339). */
            reported_at: string;
            /**
             * Format: int64
             * @description Counts how often it was begun.
             */
            round: number;
            /** @description The asker's word: satisfied? */
            satisfied?: string | null;
            /** @description The asker's word: solved? */
            solved?: boolean | null;
            /** @description How it came. */
            source: string;
            /** @description State of the flow. */
            state: string;
            /** @description The state as it is said to people. */
            state_says: string;
            /** @description What was said; only with one case in full. */
            text?: string | null;
            /**
             * Format: int64
             * @description Counts its changes; a move states the one it was based on.
             */
            version: number;
        };
        /** @description How to reach the asker. */
        ContactJson: {
            /** @description Name. */
            name?: string | null;
            /** @description Phone number. */
            phone?: string | null;
        };
        /** @description A case behind a figure. */
        CountedJson: {
            /** @description The case. */
            case: components["schemas"]["CaseJson"];
            /** @description True when it counts in the numerator too. */
            fulfilled: boolean;
        };
        /** @description A page of the cases behind a figure. */
        CountedListJson: {
            /** @description The cases, newest first. */
            items: components["schemas"]["CountedJson"][];
            /** @description Cursor of the next page. */
            next?: string | null;
        };
        /** @description What signing in takes. */
        Credentials: {
            /** @description Name of the account. */
            account: string;
            /** @description Its password. */
            password: string;
        };
        /** @description A decision that was taken. */
        DecidedJson: {
            /** @description The case it moved or opened. */
            case?: string | null;
            /** @description The decision. */
            id: string;
            /** @description The case's number. */
            number?: string | null;
            /** @description Hash of the first journal entry; absent when the answer is repeated. */
            receipt?: string | null;
            /** @description The case's state afterwards. */
            state?: string | null;
            /**
             * Format: int64
             * @description Version of the meeting afterwards.
             */
            version: number;
        };
        /** @description One decision. */
        DecisionJson: {
            /** @description By when. */
            due_at?: string | null;
            /** @description The decision. */
            id: string;
            /** @description `hand_over`, `answer`, `decline`, `explain` or `keep`. */
            kind: string;
            /** @description Who leads; may be empty. */
            lead: string;
            /** @description Who does it; may be empty. */
            performers: string;
            /** @description How far it is. */
            progress: components["schemas"]["ProgressJson"];
            /** @description Who watches over it; may be empty. */
            supervisor: string;
            /** @description What was decided. */
            text: string;
            /** @description What it is about. */
            topic?: string | null;
        };
        /** @description One thing that happened. */
        EventJson: {
            /** @description What: `case.report`, `case.dispatch`, `task.done` … */
            act: string;
            /** @description When (RFC 3339). */
            at: string;
            /** @description The case. */
            case: string;
            /** @description Its number. */
            number: string;
            /**
             * Format: int64
             * @description Its position in the district's history.
             */
            seq: number;
            /** @description Its state now. */
            state: string;
            /**
             * Format: int64
             * @description Its version now.
             */
            version: number;
        };
        /** @description A figure. */
        FigureJson: {
            /**
             * Format: int64
             * @description The position of the district's history to which it holds.
             */
            as_of_seq: number;
            /**
             * Format: int64
             * @description Out of how many.
             */
            denominator: number;
            /** @description What it divides by what. */
            formula: string;
            /** @description Its stable name. */
            name: string;
            /**
             * Format: int64
             * @description How many fulfil it.
             */
            numerator: number;
            /**
             * Format: double
             * @description The quotient; none when there is nothing to divide by.
             */
            value?: number | null;
        };
        /** @description A meeting that was called or written down. */
        HeldJson: {
            /** @description The meeting. */
            id: string;
            /** @description Hash of the first journal entry; absent when the answer is repeated. */
            receipt?: string | null;
            /** @description `called`, `held` or `closed`. */
            status: string;
            /**
             * Format: int64
             * @description Its version.
             */
            version: number;
        };
        /** @description A photo that was kept. */
        KeptJson: {
            /** @description To be named in `evidence` of a report or move. */
            id: string;
        };
        /** @description A page of cases, newest first. */
        ListJson: {
            /** @description The cases. */
            items: components["schemas"]["CaseJson"][];
            /** @description Cursor of the next page; none at the end. */
            next?: string | null;
        };
        /** @description Where a point lies. */
        LocatedJson: {
            /** @description The places that contain it, the widest first. */
            chain: components["schemas"]["PlaceJson"][];
            /** @description True when the point lies in the district but in a gap between its lowest places. */
            gap: boolean;
            /** @description Places whose boundary is near: a person decides whose it is. */
            near: components["schemas"]["NearJson"][];
            on_duty?: components["schemas"]["OnDutyJson"] | null;
        };
        /** @description One meeting as its reader may see it. */
        MeetingJson: {
            /** @description Who called it. */
            convener: string;
            /** @description What was decided. */
            decisions: components["schemas"]["DecisionJson"][];
            /** @description When it is or was held. */
            held_at: string;
            /** @description The meeting. */
            id: string;
            /** @description The kind as people say it. */
            kind_says: string;
            /** @description What was said; only for staff. */
            minutes?: string | null;
            /** @description Names of residents; only for staff. */
            names?: string | null;
            /** @description Where it belongs. */
            place: components["schemas"]["PlaceJson"];
            /** @description Bodies, posts and groups that were there. */
            present: string[];
            /** @description Where people sit; may be empty. */
            room: string;
            /** @description `called`, `held` or `closed`. */
            status: string;
            /** @description What was on the table. */
            topics: components["schemas"]["TopicJson"][];
            /**
             * Format: int64
             * @description Counts its changes.
             */
            version: number;
        };
        /** @description One meeting in a list. */
        MeetingRowJson: {
            /**
             * Format: int64
             * @description How many decisions it took.
             */
            decisions: number;
            /**
             * Format: int64
             * @description How many of them are done.
             */
            done: number;
            /** @description When it is or was held. */
            held_at: string;
            /** @description The meeting. */
            id: string;
            /** @description The kind as people say it. */
            kind_says: string;
            /** @description Where it belongs. */
            place: components["schemas"]["PlaceJson"];
            /** @description `called`, `held` or `closed`. */
            status: string;
            /** @description What it is about. */
            title: string;
            /** @description How many topics it has. */
            topics: number;
        };
        /** @description A page of meetings, latest first. */
        MeetingsJson: {
            /** @description The meetings. */
            items: components["schemas"]["MeetingRowJson"][];
            /** @description Cursor of the next page; none at the end. */
            next?: string | null;
        };
        /** @description What a move gives. */
        MovedJson: {
            /** @description Hash of the move's first journal entry; absent when the answer is repeated. */
            receipt?: string | null;
            /** @description State afterwards. */
            state: string;
            /**
             * Format: int64
             * @description Version afterwards.
             */
            version: number;
        };
        /**
         * @description A move on a case or a task. `basis`, `into` and `until` may be left out: then `reason` serves
         *     as the basis, and `to` as the case to join or the day.
         */
        MoveJson: {
            /** @description What the asker is told. */
            answer?: string | null;
            /** @description The duty, rule or check it rests on. */
            basis?: string | null;
            /** @description Photos sent before. */
            evidence?: string[];
            /** @description Number or id of the case to join. */
            into?: string | null;
            /** @description Another item. */
            item?: string | null;
            /** @description Name of the move. */
            move: string;
            /** @description Another place. */
            place?: string | null;
            /** @description Why. */
            reason?: string | null;
            /** @description `满意`, `基本满意` or `不满意`. */
            satisfied?: string | null;
            /** @description Solved? */
            solved?: boolean | null;
            to?: components["schemas"]["OneOrMany"] | null;
            /** @description What a meeting is to talk about. */
            topic?: string | null;
            /** @description A day, a moment, or a limit from now. */
            until?: string | null;
            /**
             * Format: int64
             * @description The version on which it is based.
             */
            version?: number | null;
        };
        /** @description A place that is near. */
        NearJson: {
            /** @description Its code. */
            code: string;
            /**
             * Format: double
             * @description Metres to its boundary; 0 when the point lies in it too.
             */
            metres: number;
            /** @description Its name. */
            name: string;
        };
        /** @description A decision as it is taken. */
        NewDecisionJson: {
            /** @description For a decline: where the asker should go. */
            answer?: string | null;
            /** @description The caller's own UUIDv7: the same id is never taken twice. */
            id?: string | null;
            /** @description The item of the case that it opens or takes on. */
            item?: string | null;
            /** @description `hand_over`, `answer`, `decline`, `explain` or `keep`; `hand_over` when not said. */
            kind?: string | null;
            /** @description Who leads: a body or a service name. */
            lead?: string | null;
            performers?: components["schemas"]["OneOrMany"] | null;
            /** @description Who watches over it. */
            supervisor?: string | null;
            /** @description What was decided. */
            text: string;
            /** @description The topic: by id, position from 1, title, or the case's number or id; the only one when not said; empty for none. */
            topic?: string | null;
            /** @description By when: a day, a moment, or a limit such as `10 个工作日`. */
            until?: string | null;
            /**
             * Format: int64
             * @description The meeting's version on which it is based.
             */
            version?: number | null;
        };
        /** @description A meeting as it is called, or written down once it was held. */
        NewMeetingJson: {
            /** @description The body that calls it. */
            caller?: string | null;
            /** @description The post-holder who calls it, by service name. */
            chair?: string | null;
            /** @description When (RFC 3339), if not now. One that lies ahead is called; its record follows. */
            held_at?: string | null;
            /** @description The caller's own UUIDv7: the same id is never taken twice. */
            id?: string | null;
            /** @description A kind by key or name, such as `grid_deliberation`, or a word of one's own. */
            kind: string;
            /** @description What was said; for staff. */
            minutes?: string | null;
            /** @description Code, id or name of the place. */
            place: string;
            /** @description Who was there: bodies, service names, groups; anything else counts as a resident's name and is sealed. */
            present?: string[];
            /** @description Where people sit. */
            room?: string | null;
            /** @description What it is about; the first topic says it otherwise. */
            title?: string | null;
            /** @description What is on the table. */
            topics?: components["schemas"]["NewTopicJson"][];
        };
        /** @description Something to talk over. */
        NewTopicJson: {
            /** @description Number or id of the case it is about. */
            case?: string | null;
            /** @description Its title, which everybody can read. */
            title?: string | null;
        };
        /** @description A visit as it is written down. */
        NewVisitJson: {
            /** @description When (RFC 3339), if not now; at most 31 days ago. */
            at?: string | null;
            /** @description The person agreed to be named. */
            consent?: boolean;
            /** @description What was heard, at most 2,000 characters. */
            heard?: string | null;
            /** @description The caller's own UUIDv7: the same id is never taken twice. */
            id?: string | null;
            /** @description `door`, `station`, `evening` or `phone`; `door` when not said. */
            kind?: string | null;
            /** @description The person's name; kept only with consent. */
            name?: string | null;
            opens?: components["schemas"]["OpensJson"] | null;
            /** @description The person's phone; kept only with consent. */
            phone?: string | null;
            /** @description Code, id or name of the place that was visited. */
            place: string;
            /** @description Which door. */
            room?: string | null;
            /** @description A name from a list: a shop, a household. */
            whom?: string | null;
        };
        /** @description Who is on duty. */
        OnDutyJson: {
            /** @description Service name of its holder. */
            holder: string;
            /** @description Where the post is held. */
            place: components["schemas"]["PlaceJson"];
            /** @description Title of the post. */
            post: string;
            /** @description `post`, `deputy`, or `climb` when nobody holds it there. */
            via: string;
        };
        /** @description One or several names. */
        OneOrMany: string | string[];
        /** @description The case that a visit opens. */
        OpensJson: {
            /** @description How the person wants to hear: `sms`, `call`, `paper`, `page`, `none`. */
            echo?: string | null;
            /** @description Item code or name. */
            item?: string | null;
            /** @description Its words, when they are other than what was heard. */
            text?: string | null;
        };
        /** @description A photo in a form. */
        PhotoForm: {
            /**
             * Format: binary
             * @description JPEG, PNG or WebP, at most 12 MiB.
             */
            photo: string;
        };
        /** @description A place in an answer. */
        PlaceJson: {
            /** @description Its code. */
            code: string;
            /** @description Its level. */
            level: string;
            /** @description Its name. */
            name: string;
        };
        /** @description A problem as machines read it (RFC 9457). */
        ProblemBody: {
            /** @description What to do next. */
            action: string;
            /** @description Stable number: `409.1`. */
            code: string;
            /** @description What is wrong in this case. */
            detail: string;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description Short title. */
            title: string;
            /** @description Where the kind is described. */
            type: string;
        };
        /** @description A kind of problem that may be answered. */
        ProblemListed: {
            /** @description What to do. */
            action: string;
            /** @description Stable number. */
            code: string;
            /** @description What is wrong; `{name}` is filled in each case. */
            detail: string;
            /**
             * Format: int32
             * @description HTTP status.
             */
            status: number;
            /** @description Short title. */
            title: string;
        };
        /** @description How far something is. */
        ProgressJson: {
            /** @description The case; only for those who may see it. */
            case?: string | null;
            /** @description True when nothing is left to do. */
            done: boolean;
            /** @description True when it is past its time. */
            late: boolean;
            /** @description The case's number; only for those who may see it. */
            number?: string | null;
            /** @description The day promised to the asker, while it is open. */
            promised_at?: string | null;
            /** @description How far it is, as people say it. */
            says: string;
            /** @description State of the flow; none without a case. */
            state?: string | null;
        };
        /** @description A proposed item in an answer. */
        ProposalJson: {
            /** @description The words of the report that say so. */
            because: string;
            /** @description Item code. */
            item: string;
            /** @description Item name. */
            item_says: string;
        };
        /** @description A visit that was written down. */
        RecordedJson: {
            /** @description Id of the case that came of it. */
            case?: string | null;
            /** @description The visit. */
            id: string;
            /** @description With it anybody can look the case up; for the person visited. */
            lookup_code?: string | null;
            /** @description Its number. */
            number?: string | null;
            /** @description Hash of the first journal entry; absent when the answer is repeated. */
            receipt?: string | null;
        };
        /** @description The receipt of a report. */
        ReportedJson: {
            /** @description Until when somebody takes it up. */
            due_at?: string | null;
            /** @description Id of the case. */
            id: string;
            /** @description With it anybody can look the case up; told to the reporter only. */
            lookup_code: string;
            /** @description True when a person must settle whose place it is. */
            near_boundary: boolean;
            /** @description Its number. */
            number: string;
            /** @description The grid it went to. */
            place: components["schemas"]["PlaceJson"];
            /** @description Hash of the journal entry, 64 hexadecimal digits; absent when the answer is repeated. */
            receipt?: string | null;
            /** @description State of the flow. */
            state: string;
            /**
             * Format: int64
             * @description Version of the case.
             */
            version: number;
        };
        /** @description A report. */
        ReportJson: {
            contact?: components["schemas"]["ContactJson"] | null;
            /** @description How the asker wants to hear: `sms`, `call`, `paper`, `page`. */
            echo?: string | null;
            /** @description Photos sent before, by the ids of `POST …/evidence`. */
            evidence?: string[];
            /** @description The caller's own UUIDv7: the same id is never taken twice. */
            id?: string | null;
            /** @description Item code or name. */
            item?: string | null;
            /**
             * Format: double
             * @description Latitude, WGS-84.
             */
            lat?: number | null;
            /**
             * Format: double
             * @description Longitude, WGS-84.
             */
            lon?: number | null;
            /** @description Code, id or name of a place. */
            place?: string | null;
            /** @description How it came: `web`, `in_person`, `phone`, `paper`, `visit`. */
            source?: string | null;
            /** @description What is the matter, at most 2,000 characters. */
            text: string;
        };
        /** @description One step of a case's story in an answer. */
        StepJson: {
            /** @description The act. */
            act: string;
            /** @description When. */
            at: string;
            /** @description Who did it, by service name; staff only. */
            by?: string;
            /** @description Photos by their content ids. */
            photos?: string[];
            /** @description The promised day after. */
            promised_after?: string | null;
            /** @description The promised day before this step moved it. */
            promised_before?: string | null;
            /** @description What happened, as a sentence. */
            says: string;
        };
        /** @description A task in an answer. */
        TaskJson: {
            /** @description Until when it must be taken up. */
            acknowledge_by?: string | null;
            /** @description Who has it. */
            body: string;
            /** @description When it is due. */
            due_at?: string | null;
            /** @description Its id. */
            id: string;
            /** @description `lead`, `assist` or `whistle`. */
            kind: string;
            /** @description Moves that this caller may make now. */
            moves: string[];
            /** @description When it was sent. */
            sent_at: string;
            /** @description State of the task flow. */
            state: string;
            /** @description The state as it is said. */
            state_says: string;
            /**
             * Format: int64
             * @description Counts its changes.
             */
            version: number;
        };
        /** @description What signing in gives. */
        Token: {
            /** @description For `Authorization: Bearer`; told once, valid for 14 days. */
            token: string;
        };
        /** @description One topic. */
        TopicJson: {
            /** @description The topic. */
            id: string;
            /**
             * Format: int64
             * @description Its position from 1.
             */
            ordinal: number;
            progress?: components["schemas"]["ProgressJson"] | null;
            /** @description Its title. */
            title: string;
        };
        /** @description The case that came of a visit, as it stands now. */
        VisitCaseJson: {
            /** @description The case. */
            id: string;
            /** @description Its number. */
            number: string;
            /** @description State of the flow. */
            state: string;
            /** @description The state as it is said to people. */
            state_says: string;
        };
        /** @description One past visit. */
        VisitJson: {
            /** @description When. */
            at: string;
            /** @description Who visited, by service name. */
            by: string;
            case?: components["schemas"]["VisitCaseJson"] | null;
            /** @description What was heard; absent when nothing was noted or the person was erased. */
            heard?: string | null;
            /** @description The visit. */
            id: string;
            /** @description `door`, `station`, `evening`, `phone`. */
            kind: string;
            /** @description Where. */
            place: components["schemas"]["PlaceJson"];
            /** @description Which door. */
            room?: string | null;
            /** @description Who was visited, masked. */
            visited?: string | null;
            /** @description The list name. */
            whom?: string | null;
        };
        /** @description A page of visits, newest first. */
        VisitsJson: {
            /** @description The visits. */
            items: components["schemas"]["VisitJson"][];
            /** @description Cursor of the next page; none at the end. */
            next?: string | null;
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
    cases_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `next` of the page before. */
                cursor: string | null;
                district: string;
                /** @description Item code or name. */
                item: string | null;
                /** @description Rows, at most 200. */
                limit: number | null;
                /** @description One case by its number. */
                number: string | null;
                /** @description Code, id or name of a place: it and what lies in it. */
                place: string | null;
                /** @description One state. */
                state: string | null;
                /** @description Words in what was said. */
                text: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListJson"];
                };
            };
        };
    };
    cases_report: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReportJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ReportedJson"];
                };
            };
        };
    };
    cases_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CaseJson"];
                };
            };
        };
    };
    cases_history: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StepJson"][];
                };
            };
        };
    };
    cases_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJson"];
                };
            };
        };
    };
    evidence_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
                photo: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "image/jpeg": number[];
                };
            };
        };
    };
    cases_tasks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TaskJson"][];
                };
            };
        };
    };
    events_stream: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /**
                 * @description Position in the district's history; what came after it is told. Without one, what happens from now on.
                 *     The header `Last-Event-ID` goes before it.
                 */
                after: number | null;
                district: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": components["schemas"]["EventJson"];
                };
            };
        };
    };
    evidence_send: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "multipart/form-data": components["schemas"]["PhotoForm"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeptJson"];
                };
            };
        };
    };
    kpi_figure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description For the cases: `next` of the page before. */
                cursor: string | null;
                district: string;
                /** @description First day of the period of deadlines, `2026-03-01`. */
                from: string | null;
                /** @description For the cases: rows, at most 200. */
                limit: number | null;
                name: string;
                /** @description Code, id or name of a place; the caller's own without one. */
                place: string | null;
                /** @description Last day of it. */
                to: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FigureJson"];
                };
            };
        };
    };
    kpi_cases: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description For the cases: `next` of the page before. */
                cursor: string | null;
                district: string;
                /** @description First day of the period of deadlines, `2026-03-01`. */
                from: string | null;
                /** @description For the cases: rows, at most 200. */
                limit: number | null;
                name: string;
                /** @description Code, id or name of a place; the caller's own without one. */
                place: string | null;
                /** @description Last day of it. */
                to: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountedListJson"];
                };
            };
        };
    };
    places_locate: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                /** @description Latitude, degrees, WGS-84. */
                lat: number;
                /** @description Longitude, degrees, WGS-84. */
                lon: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LocatedJson"];
                };
            };
        };
    };
    meetings_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `next` of the page before. */
                cursor: string | null;
                district: string;
                /** @description Rows, at most 200. */
                limit: number | null;
                /** @description Code, id or name of a place: it and what lies in it. */
                place: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingsJson"];
                };
            };
        };
    };
    meetings_hold: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewMeetingJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HeldJson"];
                };
            };
        };
    };
    meetings_fetch: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MeetingJson"];
                };
            };
        };
    };
    meetings_decide: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewDecisionJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DecidedJson"];
                };
            };
        };
    };
    tasks_move: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
                id: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MoveJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MovedJson"];
                };
            };
        };
    };
    visits_list: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description `next` of the page before. */
                cursor: string | null;
                district: string;
                /** @description Rows, at most 200. */
                limit: number | null;
                /** @description Only one's own; without it all that `visit.read` reaches. */
                own: boolean;
                /** @description Code, id or name of a place: it and what lies in it. */
                place: string | null;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VisitsJson"];
                };
            };
        };
    };
    visits_record: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                district: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewVisitJson"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["RecordedJson"];
                };
            };
        };
    };
    problems_list: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProblemListed"][];
                };
            };
        };
    };
    sessions_open: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Credentials"];
            };
        };
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Token"];
                };
            };
        };
    };
    sessions_end: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            "4XX": {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["ProblemBody"];
                };
            };
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
        };
    };
}
