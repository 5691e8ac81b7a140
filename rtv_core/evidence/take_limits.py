"""Every threshold by which a film is judged to be one take, each with its reason.

Changes are mean differences of brightness (0 to 255) between two frames that follow each other.
"""

from __future__ import annotations

SMALL_WIDTH, SMALL_HEIGHT = 256, 144
"""Frames are judged at this size: what moves a carton shows, what a single pixel does not."""
BLOCK_PIXELS = 4
"""Blocks of so many pixels a side: sensor noise falls to a quarter, an object of a hand's size stays."""

JUMP_RATIO = 1.8
"""A change this many times the largest of the frames around it: real films stay below 1.6 (a keyframe's
refresh), a join that moves people or goods has 2 to 6."""
JUMP_CHANGE = 0.8
"""Below this a join shows nothing that moved: less than the refresh of a keyframe."""
JUMP_FLOOR = 0.3
"""Added to the frames around: on a still scene the noise of compression is no measure."""
JUMP_FRAMES = 4
"""Frames looked at on both sides: less than half a second, so that a hand coming in has its own measure."""
LIGHT_SHARE = 0.15
"""What is left of a change once brightness and contrast are fitted: less, and only the light changed."""
CODE_SECONDS = 0.5
"""A label that comes into the picture is no join: where a code is read this near in time is not compared."""

HOLE_SECONDS = 1.0
"""Time without a frame: browsers and recorders drop frames for tenths of a second, not for one."""
STILL_CHANGE = 0.03
"""A repeated frame stays below it in H.264 and H.265, filmed noise above 0.3; a scene pressed very hard may
lie between, so that a still decides nothing alone."""
STILL_SECONDS = 1.0
"""Shorter stills are dropped frames that a recorder filled in."""
STILL_REFRESH = 1.2
"""What a keyframe in the middle of a frozen picture may change."""

REPEAT_FRAMES = 8
"""So many frames in a row must come again: chance may repeat one, never a run."""
REPEAT_LIKENESS = 0.6
"""Mean correlation of what moves from frame to frame, over a run: real films, those of goods on a belt
included, stay below 0.53; a loop encoded anew has 0.7 and more."""
REPEAT_ENERGY = 0.08
"""Mean change below which nothing can be compared."""
REPEAT_SECONDS = 0.5
"""A run is compared with what comes at least so much later."""
UNMOVED_PEAK = 3.0
"""No block differs by more from the mean of the frames beside it: nothing moves, what is left is the noise
of the sensor and of compression. A hand has 50 and more."""
NOISE_LIKENESS = 0.25
"""The same over frames in which nothing moves: noise never comes again, in still scenes it stays below 0.1,
in the pauses of real films below 0.21; looped noise of which an encoder left a trace has 0.2 to 0.7."""
UNMOVED_SHARE = 0.9
"""Of a film with more frames than this share in which nothing moves, only noise can tell a repeat."""
FAINT_CHANGE = 0.3
"""Median change of such a film below which compression took the noise away, and a repeat leaves no trace."""
REPEAT_BYTES = 400
"""Keyframes of the same bytes: a real sensor never gives one of this size twice, a made picture does."""
REPEAT_PACKETS = 3
"""So many packets of the same bytes in a row, among which the picture changes, are a copy."""

PACE_FACTOR = 1.3
"""Frames come this much faster or slower than the film's own encoder said, or than before."""
PACE_FRAMES = 12
"""A pace holds for so many frames before and after it changes; drops and jitter do not."""
PACE_STEADY = 0.15
"""Share by which intervals of a steady pace differ from their middle."""
PACE_UNSTEADY_SHARE = 0.1
"""Of a film with more unsteady intervals than this share the rate varies, and no encoder fixed one."""
DOUBLED_CHANGE = 0.35
"""A repeat changes by less than this part of what the frames beside it do; encoded anew, never by nothing."""
DOUBLED_SHARE = 0.3
"""Share of frames that repeat the one before while the rest moves: slow motion made by repeating."""
DECLARED_SHARE = 0.1
"""Film and capture may differ by this share of their length, and by `DECLARED_SECONDS`."""
DECLARED_SECONDS = 3.0
