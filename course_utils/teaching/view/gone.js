// Who is asked may be gone: a kernel that was shut down says nothing more, not even that.

export const BUSY_MS = 500; // after this long without an answer it is looked whether anybody is there, and again
export const GONE = "Nobody answers any more: run this cell again to go on.";
