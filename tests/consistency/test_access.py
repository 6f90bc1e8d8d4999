"""Who may open what: every route of the URLconf as every persona, with something of one's own and something of others.

The table below is the rule, not a record: a route without a line in it fails, and so does a line without a route.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from django.contrib import admin
from django.http import HttpResponse
from django.urls import URLPattern, reverse

from .scene import PERSONAS, REST, Scene, routes

pytestmark = pytest.mark.django_db

# The cells: y yes; o one's own yes, what is others' is not found; n refused; s sent to sign in; f sent to where firms sign in;
# h not found, though it is there; t one's own yes, for others' the tracking code is asked for first; a asked for the tracking
# code.  A method that is in no line of its route is refused with 405, where the page is not refused anyway.
TABLE = """
                                          R N S  G C W E H  D A V U L M P K
# everybody
healthz                        GET        y y y  y y y y y  y y y y y y y y
set_language                   POST       y y y  y y y y y  y y y y y y y y
portal:home                    GET        y y y  y y y y y  y y y y y y y y
portal:privacy                 GET        y y y  y y y y y  y y y y y y y y
portal:territory_shapes        GET        y y y  y y y y y  y y y y y y y y
portal:territory_locate        GET        y y y  y y y y y  y y y y y y y y
portal:territory_children      GET        y y y  y y y y y  y y y y y y y y
portal:territory_search        GET        y y y  y y y y y  y y y y y y y y
gateway:openapi                GET        y y y  y y y y y  y y y y y y y y
gateway:docs                   GET        y y y  y y y y y  y y y y y y y y
portal:verify                  GET        y y y  y y y y y  y y y y y y y y
portal:checked                 GET        y y y  y y y y y  y y y y y y y y
# signing in; a persona is for demonstrations only
accounts:sign_in               GET,POST   y y y  y y y y y  y y y y y y y y
accounts:sign_in_code          GET,POST   y y y  y y y y y  y y y y y y y y
accounts:sign_in_persona       POST       h h h  h h h h h  h h h h h h h h
accounts:provider_start        GET        h h h  h h h h h  h h h h h h h h
accounts:provider_back         GET        h h h  h h h h h  h h h h h h h h
accounts:signed_out            GET        y y y  y y y y y  y y y y y y y y
# firms sign in without an account
register:firm_sign_in          GET,POST   y y y  y y y y y  y y y y y y y y
register:firm_code             GET,POST   y y y  y y y y y  y y y y y y y y
register:firm_persona          POST       h h h  h h h h h  h h h h h h h h
register:firm_sign_out         POST       y y y  y y y y y  y y y y y y y y
portal:firms                   GET        s s s  n y y y y  y n y n n y n n
portal:firm                    GET        s s s  n y y y y  y n y n n y n n
portal:firm_reveal             GET,POST   s s s  n n y y y  y n y n n n n n
portal:firm_reveal_contact     GET,POST   s s s  n n y y y  y n y n n n n n
portal:firms_import            GET,POST   s s s  n n n n n  n n n n n y n n
portal:firms_export            GET,POST   s s s  n y y y y  y n y n n y n n
portal:firm_place              GET,POST   s s s  n n n n n  n n n n n y n n
portal:firms_template          GET        s s s  n n n n n  n n n n n y n n
# homes
portal:homes                   GET,POST   s s s  y y y y y  n n n n n y n n
portal:homes_import            GET,POST   s s s  y y n n n  n n n n n y n n
portal:homes_import_run        GET,POST   s s s  o h n n n  n n n n n o n n
portal:homes_import_progress   GET        s s s  o h n n n  n n n n n o n n
portal:homes_import_stop       POST       s s s  o h n n n  n n n n n o n n
portal:homes_template          GET        s s s  y y n n n  n n n n n y n n
portal:homes_export            GET,POST   s s s  y y y y y  n n n n n y n n
portal:home_tag                GET        s s s  y y y y y  n n n n n y n n
portal:home_building_new       GET,POST   s s s  y y n n n  n n n n n y n n
portal:home_building           GET        s s s  o h o o o  n n n n n y n n
portal:home_building_edit      GET,POST   s s s  o h n n n  n n n n n y n n
portal:home_unit_new           GET,POST   s s s  o h n n n  n n n n n y n n
portal:home_unit_edit          GET,POST   s s s  o h n n n  n n n n n y n n
portal:household_new           GET,POST   s s s  o h n n n  n n n n n y n n
portal:household               GET        s s s  o h o o o  n n n n n y n n
portal:household_edit          GET,POST   s s s  o h n n n  n n n n n y n n
portal:household_join          GET,POST   s s s  o h n n n  n n n n n y n n
portal:household_end           GET,POST   s s s  o h n n n  n n n n n y n n
portal:household_merge         POST       s s s  o h n n n  n n n n n y n n
portal:household_tag           GET,POST   s s s  o h n n n  n n n n n y n n
portal:residence_edit          GET,POST   s s s  o h n n n  n n n n n y n n
portal:residence_end           GET,POST   s s s  o h n n n  n n n n n y n n
portal:resident                GET        s s s  o h o o o  n n n n n y n n
portal:resident_edit           GET,POST   s s s  o h n n n  n n n n n y n n
portal:resident_tag            GET,POST   s s s  o h n n n  n n n n n y n n
portal:resident_merge          GET,POST   s s s  o h n n n  n n n n n y n n
portal:resident_reveal         GET,POST   s s s  n n o o o  n n n n n n n n
portal:resident_reveal_contact GET,POST   s s s  n n o o o  n n n n n n n n
portal:tag_end                 POST       s s s  o h n n n  n n n n n y n n
portal:merge_undo              POST       s s s  o h n n n  n n n n n y n n
portal:tag_kinds               GET,POST   s s s  n n n n n  n n n n n y n n
portal:tag_kind                GET,POST   s s s  n n n n n  n n n n n y n n
# a firm's own pages: everybody signs in for one first; what the firm finds is tested below
hall:firm                      GET        f f f  f f f f f  f f f f f f f f
hall:firm_application          GET        f f f  f f f f f  f f f f f f f f
hall:smart_new                 GET,POST   f f f  f f f f f  f f f f f f f f
hall:smart_kinds               GET,POST   f f f  f f f f f  f f f f f f f f
hall:smart_draft               GET,POST   f f f  f f f f f  f f f f f f f f
hall:smart_documents           GET        f f f  f f f f f  f f f f f f f f
hall:smart_file                GET        f f f  f f f f f  f f f f f f f f
hall:smart_zip                 GET        f f f  f f f f f  f f f f f f f f
hall:smart_submit              POST       f f f  f f f f f  f f f f f f f f
hall:smart_discard             POST       f f f  f f f f f  f f f f f f f f
accounts:sign_out              POST       y y y  y y y y y  y y y y y y y y
accounts:password              GET,POST   s s s  y y y y y  y y y y y y y y
accounts:second_factor         GET,POST   s s s  y y y y y  y y y y y y y y
accounts:second_factor_remove  POST       s s s  y y y y y  y y y y y y y y
accounts:second_factor_codes   POST       s s s  y y y y y  y y y y y y y y
# raising and following: what a browser has shown the code of, whoever has signed in there
appeals:new                    GET,POST   y y y  y y y y y  y y y y y y y y
appeals:hints                  POST       y y y  y y y y y  y y y y y y y y
appeals:track                  GET,POST   y y y  y y y y y  y y y y y y y y
appeals:receipt                GET        t t a  a a a a a  a a a a a a a a
appeals:receipt_text           GET        o o h  h h h h h  h h h h h h h h
appeals:receipt_code           GET        y y y  y y y y y  y y y y y y y y
appeals:tracked                GET        o o h  h h h h h  h h h h h h h h
appeals:act                    GET,POST   o o h  h h h h h  h h h h h h h h
appeals:file                   GET        o o h  h h h h h  h h h h h h h h
hall:apply                     GET,POST   o o o  o o o o o  o o o o o o o o
hall:receipt                   GET        t a a  a a a a a  a a a a a a a a
hall:bundle                    GET        y y y  y y y y y  y y y y y y y y
hall:bundle_apply              GET,POST   y y y  y y y y y  y y y y y y y y
hall:bundle_followed           GET        t a a  a a a a a  a a a a a a a a
hall:bundle_part               POST       o h h  h h h h h  h h h h h h h h
hall:bundle_act                GET,POST   o h h  h h h h h  h h h h h h h h
hall:bundle_pack               GET        o h h  h h h h h  h h h h h h h h
hall:receipt_code              GET        y y y  y y y y y  y y y y y y y y
hall:tracked                   GET        t a a  a a a a a  a a a a a a a a
hall:act                       GET,POST   o h h  h h h h h  h h h h h h h h
hall:file                      GET        o h h  h h h h h  h h h h h h h h
hall:moving                    GET        s s s  n n n n y  n n n n n n n n
hall:moving_preview            POST       s s s  n n n n y  n n n n n n n n
hall:move                      POST       s s s  n n n n y  n n n n n n n n
# what is public, and nothing else
appeals:public                 GET        y y y  y y y y y  y y y y y y y y
appeals:public_map             GET        y y y  y y y y y  y y y y y y y y
appeals:public_places          GET        y y y  y y y y y  y y y y y y y y
appeals:public_detail          GET        o o o  o o o o o  o o o o o o o o
appeals:join                   POST       o o o  o o o o o  o o o o o o o o
hall:guide                     GET        y y y  y y y y y  y y y y y y y y
hall:item                      GET        o o o  o o o o o  o o o o o o o o
hall:note_missed               POST       y y y  y y y y y  y y y y y y y y
# coming to a hall: what has no name in it has no address to guess
hall:halls                     GET        y y y  y y y y y  y y y y y y y y
hall:hall                      GET        y y y  y y y y y  y y y y y y y y
hall:take                      POST       y y y  y y y y y  y y y y y y y y
hall:book                      GET,POST   y y y  y y y y y  y y y y y y y y
hall:ticket                    GET        y y y  y y y y y  y y y y y y y y
hall:give_up                   POST       y y y  y y y y y  y y y y y y y y
hall:booking                   GET        y y y  y y y y y  y y y y y y y y
hall:call_off                  POST       y y y  y y y y y  y y y y y y y y
hall:kiosk                     GET,POST   y y y  y y y y y  y y y y y y y y
hall:screen                    GET        y y y  y y y y y  y y y y y y y y
hall:display                   GET        y y y  y y y y y  y y y y y y y y
# at the window, and whoever manages the hall
hall:desk                      GET        s s s  n y n n n  n n n n n n n n
hall:move                      POST       s s s  n y n n n  n n n n n n n n
hall:counter                   GET        s s s  y y n n n  n n n n n n n n
hall:counter_who               POST       s s s  y y n n n  n n n n n n n n
hall:counter_items             GET        s s s  y y n n n  n n n n n n n n
hall:counter_sheet             GET        s s s  y y n n n  n n n n n n n n
hall:counter_send              POST       s s s  y y n n n  n n n n n n n n
hall:slip                      GET        s s s  h h n n n  n n n n n n n n
hall:ask_agent                 GET,POST   y y y  y y y y y  y y y y y y y y
hall:errand                    GET        t a a  a a a a a  a a a a a a a a
hall:errand_act                POST       o h h  h h h h h  h h h h h h h h
hall:pool                      GET        s s s  y n n n n  n n n n n n n n
hall:take_errand               POST       s s s  y n n n n  n n n n n n n n
hall:agents                    GET,POST   s s s  n n n n n  n n n n n y n n
hall:dismiss_agent             POST       s s s  n n n n n  n n n n n y n n
hall:day                       GET        s s s  n n n n n  n n n n n y n n
hall:hall_day                  GET        s s s  n n n n n  n n n n n y n n
hall:relieve                   POST       s s s  n n n n n  n n n n n y n n
hall:missed                    GET        s s s  n n n n n  n n n n n y n n
hall:missed_one                GET        s s s  n n n n n  n n n n n y n n
hall:missed_settle             POST       s s s  n n n n n  n n n n n y n n
hall:setup                     GET        s s s  n n n n n  n n n n n y n n
hall:hall_new                  GET,POST   s s s  n n n n n  n n n n n y n n
hall:hall_edit                 GET,POST   s s s  n n n n n  n n n n n y n n
hall:renew_links               POST       s s s  n n n n n  n n n n n y n n
hall:queue_new                 GET,POST   s s s  n n n n n  n n n n n y n n
hall:queue_edit                GET,POST   s s s  n n n n n  n n n n n y n n
hall:window_new                GET,POST   s s s  n n n n n  n n n n n y n n
hall:window_edit               GET,POST   s s s  n n n n n  n n n n n y n n
# reviews: by a code, at a window, at the desk of those who look after them
portal:review_ask              GET,POST   y y y  y y y y y  y y y y y y y y
portal:review                  GET,POST   y y y  y y y y y  y y y y y y y y
portal:review_poster           GET,POST   y y y  y y y y y  y y y y y y y y
portal:review_tablet           GET        y y y  y y y y y  y y y y y y y y
portal:review_tablet_now       GET        y y y  y y y y y  y y y y y y y y
portal:review_tablet_judge     POST       h h h  h h h h h  h h h h h h h h
portal:reviews                 GET        s s s  n n n n y  n n y y y n n n
portal:review_one              GET        s s s  n n n n o  n n y y y n n n
portal:review_decide           POST       s s s  n n n n n  n n y y n n n n
portal:review_reveal           GET,POST   s s s  n n n n n  n n y n n n n n
portal:reviews_export          POST       s s s  n n n n n  n n n y y n n n
portal:review_figures          GET        s s s  n n n n y  y y n y y y n n
portal:review_points           GET,POST   s s s  n n n n n  n n n n n y n n
portal:review_point            GET,POST   s s s  n n n n n  n n n n n y n n
portal:review_renew            POST       s s s  n n n n n  n n n n n y n n
portal:review_posters          GET        s s s  n n n n n  n n n n n y n n
# taking down for somebody
appeals:register               GET,POST   s s s  y y y y y  y n n n n n n n
appeals:register_hints         POST       s s s  y y y y y  y n n n n n n n
appeals:slip                   GET        s s s  o o o o o  y n n n n n n n
# the desk of everybody who has signed in
portal:desk                    GET        s s s  y y y y y  y y y y y y y y
portal:notices                 GET        s s s  y y y y y  y y y y y y y y
portal:notice_count            GET        s s s  y y y y y  y y y y y y y y
portal:notices_read            POST       s s s  y y y y y  y y y y y y y y
portal:notice_open             POST       s s s  h h o o h  h h h h h h h h
# matters: the administrator sets up and reads none
portal:work                    GET        s s s  y y y y y  y y y y y n n n
portal:matters                 GET        s s s  y y y y y  y y y y y n n n
portal:search                  GET        s s s  y y y y y  y y y y y n n n
portal:late                    GET        s s s  y y y y y  y y y y y n n n
portal:hot                     GET        s s s  n n n n n  y n n y y y n n
portal:replies                 GET        s s s  n n n n n  y n n y y y n n
portal:replies_blocking        POST       s s s  n n n n n  n n n n n y n n
portal:hot_rule                GET,POST   s s s  n n n n n  n n n n n y n n
portal:map                     GET        s s s  y y y y y  y y y y y n n n
portal:map_places              GET        s s s  y y y y y  y y y y y n n n
portal:map_areas               GET        s s s  y y y y y  y y y y y n n n
portal:matter                  GET        s s s  o o o o o  y y y y y n n n
portal:act                     GET,POST   s s s  o o o o o  y y y y y n n n
portal:file                    GET        o o h  o o o o o  y y y y y h h h
portal:file_preview            GET        o o h  o o o o o  y y y y y h h h
portal:paper_docx              GET        o o h  o o o o o  y y y y y h h h
portal:paper_pdf               GET        o o h  o o o o o  y y y y y h h h
portal:reveal                  GET,POST   s s s  n n o o o  y n y n n n n n
portal:reveal_contact          GET,POST   s s s  n n o o o  y n y n n n n n
portal:reveal_answer           GET,POST   s s s  n n o o o  y n y n n n n n
portal:assign                  POST       s s s  n n y y y  y n n n n n n n
portal:urge                    POST       s s s  n n n n n  n n n y n n n n
portal:export                  POST       s s s  n n n n y  y n n y y n n n
portal:save_view               POST       s s s  y y y y y  y y y y y n n n
portal:rename_view             POST       s s s  h h o o h  h h h h h n n n
portal:delete_view             POST       s s s  h h o o h  h h h h h n n n
# the dispatcher's board
appeals:board                  GET        s s s  n n n n n  y y n n n n n n
appeals:board_counts           GET        s s s  n n n n n  y y n n n n n n
appeals:board_matter           GET        s s s  n n n n n  y y n n n n n n
appeals:board_around           GET        s s s  n n n n n  y y n n n n n n
appeals:board_do               GET,POST   s s s  n n n n n  y y n n n n n n
appeals:board_not_urgent       POST       s s s  n n n n n  y y n n n n n n
# figures
portal:figures                 GET        s s s  n n n n y  y y n y y y n n
portal:figures_behind          GET        s s s  n n n n y  y y n y y y n n
portal:figures_export          GET        s s s  n n n n y  y y n y y y n n
portal:hall_figures            GET        s s s  n n n n y  y y n y y y n n
portal:five_ones               GET        s s s  n n n n y  y y n y y y n n
portal:hall_items              GET        s s s  n n n n y  y y n y y y n n
portal:hall_export             GET        s s s  n n n n y  y y n y y y n n
# setting up
portal:check                   GET        s s s  n n n n n  n n n n n y n n
portal:retry_notices           POST       s s s  n n n n n  n n n n n y n n
portal:setup                   GET        s s s  n n n n n  n n n n n y n n
portal:setup_import            GET,POST   s s s  n n n n n  n n n n n y n n
portal:setup_import_confirm    POST       s s s  n n n n n  n n n n n y n n
portal:setup_template          GET        s s s  n n n n n  n n n n n y n n
portal:setup_export            GET        s s s  n n n n n  n n n n n y n n
portal:setup_export_sheet      GET        s s s  n n n n n  n n n n n y n n
portal:territory_check         GET        s s s  n n n n n  n n n n n y n n
portal:territory_check_areas   GET        s s s  n n n n n  n n n n n y n n
portal:territory_ground        GET,POST   s s s  n n n n n  n n n n n y n n
portal:territory_ground_drop   POST       s s s  n n n n n  n n n n n y n n
portal:territory_check_export  GET        s s s  n n n n n  n n n n n y n n
portal:shapes_import           GET,POST   s s s  n n n n n  n n n n n y n n
portal:territory_draw          GET,POST   s s s  n n n n n  n n n n n y n n
portal:territory_undo          POST       s s s  n n n n n  n n n n n y n n
portal:shapes_export           GET        s s s  n n n n n  n n n n n y n n
portal:setup_duties            GET        s s s  n n n n n  n n n n n y n n
portal:setup_gaps              GET        s s s  n n n n n  n n n n n y n n
portal:setup_papers            GET        s s s  n n n n n  n n n n n y n n
portal:setup_paper             GET,POST   s s s  n n n n n  n n n n n y n n
portal:setup_paper_choose      POST       s s s  n n n n n  n n n n n y n n
portal:setup_paper_template    GET        s s s  n n n n n  n n n n n y n n
portal:setup_paper_preview     GET        s s s  n n n n n  n n n n n y n n
appeals:orders                 GET,POST   s s s  n n n n n  y n n n n y n n
appeals:order_import           GET,POST   s s s  n n n n n  o n n n n o n n
appeals:order_preview          POST       s s s  n n n n n  o n n n n o n n
appeals:order_progress         GET        s s s  n n n n n  o n n n n o n n
appeals:order_problems         GET        s s s  n n n n n  o n n n n o n n
appeals:order_stop             POST       s s s  n n n n n  o n n n n o n n
appeals:order_discard          POST       s s s  n n n n n  o n n n n o n n
hall:catalogue                 GET        s s s  n n n n y  n n n n n y n n
hall:upload                    GET,POST   s s s  n n n n y  n n n n n y n n
hall:export                    GET        s s s  n n n n y  n n n n n y n n
hall:edit                      GET        s s s  n n n n o  n n n n n y n n
hall:bundle_cases              GET        s s s  y y y y y  y y y y y n n n
hall:bundle_case               GET        s s s  h h o o o  y y y y y n n n
hall:bundle_take_in            GET,POST   s s s  n y n n n  n n n n n n n n
hall:bundle_slip               GET        s s s  n h n n n  n n n n n n n n
hall:bundle_case_pack          GET        s s s  h h o o o  y y y y y n n n
hall:bundles                   GET        s s s  n n n n y  n n n n n y n n
hall:bundle_new                GET,POST   s s s  n n n n y  n n n n n y n n
hall:bundle_edit               GET,POST   s s s  n n n n o  n n n n n y n n
hall:bundle_preview            GET        s s s  n n n n o  n n n n n y n n
hall:bundle_publish            POST       s s s  n n n n o  n n n n n y n n
hall:bundle_withdraw           POST       s s s  n n n n o  n n n n n y n n
hall:bases                     GET        s s s  n n n n y  n n n n n y n n
hall:new_base                  GET,POST   s s s  n n n n n  n n n n n y n n
hall:change_base               GET,POST   s s s  n n n n n  n n n n n y n n
hall:new_item                  GET,POST   s s s  n n n n y  n n n n n y n n
hall:change_item               GET,POST   s s s  n n n n o  n n n n n y n n
hall:draft                     GET,POST   s s s  n n n n o  n n n n n y n n
hall:start                     POST       s s s  n n n n o  n n n n n y n n
hall:preview                   GET        s s s  n n n n o  n n n n n y n n
hall:publish                   POST       s s s  n n n n o  n n n n n y n n
hall:withdraw                  POST       s s s  n n n n o  n n n n n y n n
hall:discard                   POST       s s s  n n n n o  n n n n n y n n
hall:basis                     POST       s s s  n n n n o  n n n n n y n n
portal:setup_accounts          GET,POST   s s s  n n n n n  n n n n n y n n
portal:tokens                  GET        s s s  n n n n n  n n n n n y n n
portal:looks                   GET        s s s  n n n n n  n n n n n y n n
portal:token_new               GET,POST   s s s  n n n n n  n n n n n y n n
portal:token_rotate            GET,POST   s s s  n n n n n  n n n n n y n n
portal:token_revoke            POST       s s s  n n n n n  n n n n n y n n
# what other systems are told
gateway:webhooks               GET        s s s  n n n n n  n n n n n y n n
gateway:webhook_new            GET,POST   s s s  n n n n n  n n n n n y n n
gateway:webhook                GET        s s s  n n n n n  n n n n n y n n
gateway:webhook_change         GET,POST   s s s  n n n n n  n n n n n y n n
gateway:webhook_rotate         POST       s s s  n n n n n  n n n n n y n n
gateway:webhook_pause          POST       s s s  n n n n n  n n n n n y n n
gateway:webhook_resume         POST       s s s  n n n n n  n n n n n y n n
gateway:webhook_remove         POST       s s s  n n n n n  n n n n n y n n
gateway:webhook_replay         POST       s s s  n n n n n  n n n n n y n n
# the field: residents ask who, heads find workers for the grids of their street
fieldwork:who                  GET        y y y  y y y y y  y y y y y y y y
fieldwork:worker               GET        y y y  y y y y y  y y y y y y y y
fieldwork:manifest             GET        y y y  y y y y y  y y y y y y y y
fieldwork:standing             GET        y y y  y y y y y  y y y y y y y y
fieldwork:end                  POST       s s s  y y y y y  y y y y y y y y
fieldwork:app                  GET        s s s  y n n n n  n n n n n n n n
fieldwork:day                  GET        s s s  y n n n n  n n n n n n n n
fieldwork:homes                GET        s s s  y n n n n  n n n n n n n n
fieldwork:todo                 GET        s s s  y n n n n  n n n n n n n n
fieldwork:shift                POST       s s s  y n n n n  n n n n n n n n
fieldwork:send                 POST       s s s  y n n n n  n n n n n n n n
fieldwork:phones               GET,POST   s s s  y n n n y  n n n n n y n n
fieldwork:join                 POST       s s s  o n o o o  y y n y y n n n
fieldwork:rooms                GET,POST   s s s  n n n n n  n n n n n y n n
fieldwork:teams                GET        s s s  n n n n y  n n n n n y n n
fieldwork:people               GET,POST   s s s  n n n n y  n n n n n y n n
fieldwork:load                 GET        s s s  n n n n y  n n n n n y n n
fieldwork:grid                 GET,POST   s s s  n n n n o  n n n n n y n n
# surveys: whoever answers or follows them sees what lies in their area
surveys:list                   GET        s s s  y n n n y  n n n y y y n n
surveys:survey                 GET        s s s  o n n n o  n n n y y y n n
surveys:form_xml               GET        s s s  o n n n o  n n n y y y n n
surveys:fill                   GET        s s s  o n n n n  n n n n n n n n
surveys:answer                 POST       s s s  o n n n n  n n n n n n n n
surveys:miss                   POST       s s s  o n n n n  n n n n n n n n
surveys:certificate            GET        s s s  o n n n o  n n n y y y n n
surveys:new                    GET,POST   s s s  n n n n n  n n n n n y n n
surveys:build_new              GET,POST   s s s  n n n n n  n n n n n y n n
surveys:build_check            POST       s s s  n n n n n  n n n n n y n n
surveys:build                  GET,POST   s s s  n n n n n  n n n n n y n n
surveys:extend                 POST       s s s  n n n n n  n n n n n y n n
surveys:end                    POST       s s s  n n n n n  n n n n n y n n
surveys:destroy                POST       s s s  n n n n n  n n n n n y n n
surveys:export                 GET        s s s  n n n n n  n n n n n y n n
surveys:forms                  GET,POST   s s s  n n n n n  n n n n n y n n
surveys:form                   GET,POST   s s s  n n n n n  n n n n n y n n
surveys:version                GET        s s s  n n n n n  n n n n n y n n
surveys:version_xml            GET        s s s  n n n n n  n n n n n y n n
surveys:workbook               GET        s s s  n n n n n  n n n n n y n n
surveys:publish                POST       s s s  n n n n n  n n n n n y n n
surveys:discard                POST       s s s  n n n n n  n n n n n y n n
surveys:add_rule               POST       s s s  n n n n n  n n n n n y n n
surveys:remove_rule            POST       s s s  n n n n n  n n n n n y n n
surveys:add_media              POST       s s s  n n n n n  n n n n n y n n
surveys:version_media          GET        s s s  n n n n n  n n n n n y n n
surveys:media                  GET        s s s  o n n n o  n n n y y y n n
surveys:answers                GET        s s s  n n n n n  n n n n n y n n
surveys:read                   GET        s s s  n n n n n  n n n n n y n n
surveys:photo                  GET        s s s  n n n n n  n n n n n y n n
# drives: an organ's head makes those of the own organ; whoever works or follows sees what lies in their area
campaigns:open_list            GET        y y y  y y y y y  y y y y y y y y
campaigns:open_drive           GET        y y y  y y y y y  y y y y y y y y
campaigns:list                 GET        s s s  y n y y y  n n n y y y n n
campaigns:new                  GET,POST   s s s  n n n n y  n n n n n y n n
campaigns:mine                 GET        s s s  y n y y y  n n n n n n n n
campaigns:drive                GET        s s s  o n o o o  n n n y y y n n
campaigns:targets              GET        s s s  o n o o o  n n n y y y n n
campaigns:target               GET        s s s  o n o o o  n n n y y y n n
campaigns:photo                GET        s s s  o n o o o  n n n y y y n n
campaigns:export               GET        s s s  o n o o o  n n n y y y n n
campaigns:map                  GET        s s s  o n o o o  n n n y y y n n
campaigns:points               GET        s s s  o n o o o  n n n y y y n n
campaigns:edit                 GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:plan                 GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:plan_drop            POST       s s s  n n n n o  n n n n n y n n
campaigns:add                  GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:fill                 GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:end                  POST       s s s  n n n n o  n n n n n y n n
campaigns:reopen               POST       s s s  n n n n o  n n n n n y n n
campaigns:publish              POST       s s s  n n n n o  n n n n n y n n
campaigns:targets_template     GET        s s s  n n n n o  n n n n n y n n
campaigns:plan_template        GET        s s s  n n n n o  n n n n n y n n
campaigns:move                 POST       s s s  o n o o o  n n n n n y n n
campaigns:step                 POST       s s s  o n o o o  n n n n n y n n
campaigns:back                 POST       s s s  o n o o o  n n n n n y n n
campaigns:aside                POST       s s s  o n o o o  n n n n n y n n
campaigns:take_up              POST       s s s  o n o o o  n n n n n y n n
campaigns:link                 POST       s s s  o n o o o  n n n n n y n n
campaigns:raise                POST       s s s  o n o o o  n n n n n y n n
campaigns:edit_target          GET,POST   s s s  o n o o o  n n n n n y n n
campaigns:find                 GET,POST   s s s  o n o o o  n n n n n n n n
# inventories: their organ's head keeps them; whoever inspects or follows sees what lies in their area
campaigns:open_inventories     GET        y y y  y y y y y  y y y y y y y y
campaigns:open_inventory       GET        y y y  y y y y y  y y y y y y y y
campaigns:open_inventory_points GET        y y y  y y y y y  y y y y y y y y
campaigns:inventories          GET        s s s  y n y y y  n n n y y y n n
campaigns:new_inventory        GET,POST   s s s  n n n n y  n n n n n y n n
campaigns:inventory            GET        s s s  o n o o o  n n n y y y n n
campaigns:inventory_export     GET        s s s  o n o o o  n n n y y y n n
campaigns:inventory_map        GET        s s s  o n o o o  n n n y y y n n
campaigns:inventory_points     GET        s s s  o n o o o  n n n y y y n n
campaigns:entry                GET        s s s  o n o o o  n n n y y y n n
campaigns:inspection_photo     GET        s s s  o n o o o  n n n y y y n n
campaigns:inventory_template   GET        s s s  n n n n o  n n n n n y n n
campaigns:edit_inventory       GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:add_entry            GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:fill_inventory       GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:edit_entry           GET,POST   s s s  n n n n o  n n n n n y n n
campaigns:publish_inventory    POST       s s s  n n n n o  n n n n n y n n
campaigns:let_stall            POST       s s s  n n n n o  n n n n n y n n
campaigns:stall_back           POST       s s s  n n n n o  n n n n n y n n
campaigns:take_entry_away      POST       s s s  n n n n o  n n n n n y n n
campaigns:entry_back           POST       s s s  n n n n o  n n n n n y n n
campaigns:inspect_entry        POST       s s s  o n o o o  n n n n n n n n
campaigns:settle_fault         POST       s s s  o n o o o  n n n n n n n n
# how good the suggestions for the dispatcher are
portal:dispatch                GET        s s s  n n n n n  y n n y y y n n
portal:dispatch                POST       s s s  n n n n n  n n n n n y n n
portal:dispatch_kind           GET        s s s  n n n n n  y n n y y y n n
portal:dispatch_kind           POST       s s s  n n n n n  n n n n n y n n
portal:dispatch_progress       GET        s s s  n n n n n  y n n y y y n n
portal:dispatch_learn          POST       s s s  n n n n n  n n n n n y n n
portal:dispatch_use            POST       s s s  n n n n n  n n n n n h n n
# routing rules
portal:routing                 GET        s s s  n n n n n  y n n y y y n n
portal:rule                    GET        s s s  n n n n n  h n n h h h n n
portal:rule_new                GET,POST   s s s  n n n n n  n n n n n y n n
portal:rule_edit               GET,POST   s s s  n n n n n  n n n n n h n n
portal:rule_switch             POST       s s s  n n n n n  n n n n n h n n
portal:rule_move               POST       s s s  n n n n n  n n n n n h n n
# words of danger
portal:alarms                  GET        s s s  n n n n n  y n n y y y n n
portal:alarms_try              POST       s s s  n n n n n  y n n y y y n n
portal:alarms_load             POST       s s s  n n n n n  n n n n n y n n
portal:alarm_new               GET,POST   s s s  n n n n n  n n n n n y n n
portal:alarm_word              GET,POST   s s s  n n n n n  n n n n n h n n
# answering people about their data; how long things are kept, and what is destroyed
portal:requests                GET        s s s  n n n n n  n n n n n n y n
portal:request_new             GET,POST   s s s  n n n n n  n n n n n n y n
portal:data_request            GET        s s s  n n n n n  n n n n n n y n
portal:request_look            POST       s s s  n n n n n  n n n n n n y n
portal:request_copy            POST       s s s  n n n n n  n n n n n n y n
portal:request_answer          POST       s s s  n n n n n  n n n n n n y n
portal:request_correct         POST       s s s  n n n n n  n n n n n n y n
portal:request_erase           POST       s s s  n n n n n  n n n n n n y n
portal:pieces                  GET,POST   s s s  n n n n n  n n n n n n y n
portal:piece_erase             POST       s s s  n n n n n  n n n n n n y n
portal:retention               GET        s s s  n n n n n  n n n n n y y y
portal:retention_term          GET,POST   s s s  n n n n n  n n n n n y n n
portal:retention_make          POST       s s s  n n n n n  n n n n n n n y
portal:destroy_list            GET        s s s  n n n n n  n n n n n n y y
portal:destroy_postpone        POST       s s s  n n n n n  n n n n n n y y
portal:destroy_approve         POST       s s s  n n n n n  n n n n n n y n
portal:destroy_drop            POST       s s s  n n n n n  n n n n n n y y
portal:destroy_csv             GET        s s s  n n n n n  n n n n n n y y
# the gallery is for makers
ui:gallery                     GET        h h h  h h h h h  h h h h h y h h
ui:gallery_places              GET        h h h  h h h h h  h h h h h y h h
ui:gallery_shapes              GET        h h h  h h h h h  h h h h h y h h
ui:gallery_dialog              GET        h h h  h h h h h  h h h h h y h h
ui:gallery_portal              GET        h h h  h h h h h  h h h h h y h h
ui:gallery_sign_in             GET        h h h  h h h h h  h h h h h y h h
ui:gallery_matter              GET        h h h  h h h h h  h h h h h y h h
ui:gallery_error               GET        h h h  h h h h h  h h h h h y h h
"""

# What is sent besides nothing at all, where nothing says too little to be told from a refusal.
BODIES: dict[str, dict[str, Any]] = {
    "portal:rename_view": {"name": "又一个"},
    "portal:review_renew": {"what": "tablet"},
    "portal:setup_paper_choose": {"version": "supplied"},
}
# What a page that is shown answers; 422 says what is missing in a form.
SHOWN = {200, 204, 302, 422}
SPECIAL = {"ui:gallery_error": {410}, "fieldwork:send": {401}}
SIGN_IN, TRACK = "/accounts/sign-in/?next=", "/appeals/track?number="
FIRMS_SIGN_IN = "/firm/sign-in/"
MISSING = "this route has no line in the TABLE of tests/consistency/test_access.py: say there who may open it"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table."""

    route: str
    methods: frozenset[str]
    cells: dict[str, str]


def lines() -> dict[str, list[Line]]:
    """By route."""
    found: dict[str, list[Line]] = {}
    for text in TABLE.strip().splitlines()[1:]:
        if text.startswith("#"):
            continue
        route, methods, *cells = text.split()
        assert len(cells) == len(PERSONAS), f"{route}: {len(cells)} cells for {len(PERSONAS)} personas"
        line = Line(route, frozenset(methods.split(",")), dict(zip(PERSONAS.values(), cells, strict=True)))
        found.setdefault(route, []).append(line)
    return found


LINES = lines()


def wrong(cell: str, answer: HttpResponse, *, own: bool, route: str, method: str, path: str) -> bool:
    """Whether the answer is not what the cell says."""
    status, place = answer.status_code, answer.get("Location", "")
    match cell:
        case "y":
            return status not in SPECIAL.get(route, SHOWN) or place.startswith(SIGN_IN)
        case "o":
            return (status not in SHOWN or place.startswith(SIGN_IN)) if own else status != 404
        case "t" | "a":
            return place.startswith(TRACK) == (own and cell == "t")
        case "f":
            return status != 302 or not place.startswith(FIRMS_SIGN_IN)
        case "s":
            wanted = SIGN_IN + (path.partition("?")[0].replace("/", "%2F") if method == "GET" else "%2F")
            return status != 302 or not place.startswith(wanted)
    return status != {"n": 403, "h": 404}[cell]


def faults(scene: Scene, route: str, pattern: URLPattern, method: str, persona: str) -> Iterator[str]:
    """Each answer that the table does not allow."""
    line = next((one for one in LINES[route] if method in one.methods), None)
    if line is None and persona not in FEW:
        return
    for number, path in enumerate(scene.paths(route, pattern, persona)):
        answer = scene.ask(persona, method, path, BODIES.get(route) if method == "POST" else None)
        if line is None:
            cell = LINES[route][0].cells[persona]
            is_wrong = answer.status_code not in {"s": (302,), "f": (302,), "n": (403, 405)}.get(cell, (405,))
        else:
            cell = line.cells[persona]
            is_wrong = wrong(cell, answer, own=number == 0, route=route, method=method, path=path)
        if is_wrong:
            whose = ("own", "other's")[number]
            yield f"{persona} {method} {route} ({whose}): {answer.status_code} {answer.get('Location', '')}, the table says {cell}"


# Who tries the methods that are not there.
FEW = ("stranger", "worker", "dispatcher", "admin")
NAMED = sorted(dict(routes()))


def test_the_table_names_every_route_and_no_other() -> None:
    assert not set(NAMED) - set(LINES), f"{sorted(set(NAMED) - set(LINES))}: {MISSING}"
    assert not set(LINES) - set(NAMED), "there is no such route any more: take its line out of the table"


@pytest.mark.parametrize("route", NAMED)
def test_a_route_is_open_to_those_it_is_for(scene: Scene, route: str) -> None:
    assert route in LINES, f"{route}: {MISSING}"
    pattern = dict(routes())[route]
    found = [
        fault for persona in PERSONAS.values() for method in ("GET", "POST")
        for fault in faults(scene, route, pattern, method, persona)
    ]  # fmt: skip
    assert not found, "\n".join(found)


FIRMS = sorted(name for name, of in LINES.items() if "f" in of[0].cells.values())


@pytest.mark.parametrize("route", FIRMS)
def test_a_firm_opens_its_own_and_finds_nothing_of_others(scene: Scene, route: str) -> None:
    pattern, methods = dict(routes())[route], LINES[route][0].methods
    own, *others = scene.paths(route, pattern, "firm")
    for method in methods:
        is_nobodys = route == "hall:firm_application"  # it has applied for nothing in this scene
        status = scene.ask("firm", method, own).status_code
        assert (status == 404) if is_nobodys else status in SHOWN | {409}, f"{method} {own}: {status}"
        for path in others:
            assert scene.ask("firm", method, path).status_code == 404, f"{method} {path}"


def test_a_firm_is_a_stranger_to_the_desk(scene: Scene) -> None:
    """Where a stranger is sent to sign in or finds nothing, a firm is and does, too."""
    for name, pattern in routes():
        line = next((one for one in LINES[name] if "GET" in one.methods), None)
        if line is not None and line.cells["stranger"] in "sh":
            path = scene.paths(name, pattern, "firm")[0]
            answers = [scene.ask(persona, "GET", path) for persona in ("firm", "stranger")]
            assert [a.status_code for a in answers] in ([302, 302], [404, 404]), path


@pytest.mark.parametrize(
    "route", sorted(name for name, of in LINES.items() if any("POST" in line.methods for line in of))
)
def test_a_form_from_elsewhere_is_refused(scene: Scene, route: str) -> None:
    """Without the token of the page, also for those who may."""
    line = next(line for line in LINES[route] if "POST" in line.methods)
    may = next((persona for persona, cell in line.cells.items() if cell in "yo"), "resident")
    answer = scene.ask(may, "POST", scene.paths(route, dict(routes())[route], may)[0], strict=True)
    assert answer.status_code == 403
    assert "页面已失效" in answer.content.decode()


NOISE = re.compile(
    r'nonce="[^"]*"|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|name="csrfmiddlewaretoken" value="[^"]*"|"X-CSRFToken": ?"[^"]*"'
)


@pytest.mark.parametrize("route", ["portal:matter", "portal:act", "portal:file", "portal:reveal"])
def test_what_is_hidden_looks_like_what_is_not_there(scene: Scene, route: str) -> None:
    """Nobody learns from an answer that a matter exists."""
    scene.things["nowhere"] = {name: uuid4() for name in scene.things["there"]}
    (there, nowhere) = (
        reverse(
            route, kwargs={n: scene.things[s].get(n, REST.get(n)) for n in dict(routes())[route].pattern.converters}
        )
        for s in ("there", "nowhere")
    )
    pages = [scene.ask("worker", "GET", path) for path in (there, nowhere)]
    assert [page.status_code for page in pages] == [404, 404]
    said = [re.sub(r"\d{8,}", "", NOISE.sub("", page.content.decode())) for page in pages]
    assert said[0] == said[1]


# The administration guards itself: one line for all of it.  Whoever may not is told so, strangers sign in.


def administration() -> Iterator[tuple[str, dict[str, Any]]]:
    """Every page of the administration with parameters: of a row where there is one."""
    for model, site in admin.site._registry.items():
        row = model._default_manager.values_list("pk", flat=True).first()
        for pattern in site.get_urls():
            if isinstance(pattern, URLPattern) and pattern.name:
                kwargs = {n: str(row or uuid4()) for n in pattern.pattern.converters}
                yield f"admin:{pattern.name}", kwargs
    yield "admin:index", {}
    yield from (("admin:app_list", {"app_label": label}) for label in {m._meta.app_label for m in admin.site._registry})
    yield from ((f"admin:{name}", {}) for name in ("autocomplete", "jsi18n", "password_change", "password_change_done"))


@pytest.mark.parametrize("persona", PERSONAS.values())
def test_the_administration_is_for_administrators(scene: Scene, persona: str) -> None:
    """It never breaks for those it is for; everybody else is led to its sign-in page, which tells them (see below)."""
    found = []
    for name, kwargs in administration():
        path, is_list = reverse(name, kwargs=kwargs), name.endswith("_changelist")
        if persona not in ("admin", "stranger") and not is_list:
            continue
        is_sent = persona == "admin" and name.endswith(("_add", "_changelist"))
        for method in ("GET", "POST") if is_sent else ("GET",):
            answer = scene.ask(persona, method, path)
            is_led_away = answer.status_code == 302 and "/login/" in answer["Location"]
            if is_led_away == (persona == "admin"):
                found.append(f"{persona} {method} {path}: {answer.status_code} {answer.get('Location', '')}")
    assert not found, "\n".join(found)


@pytest.mark.parametrize("persona", PERSONAS.values())
def test_the_door_of_the_administration(scene: Scene, persona: str) -> None:
    wanted = "/admin/matters/limit/"
    answer = scene.ask(persona, "GET", f"/admin/login/?next={wanted}")
    if persona == "admin":
        assert answer["Location"] == wanted
    elif persona in scene.district.people:
        assert answer.status_code == 403
    else:
        assert answer["Location"] == SIGN_IN + wanted.replace("/", "%2F")
