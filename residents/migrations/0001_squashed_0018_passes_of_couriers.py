"""The first migrations in one step, for a new installation: one that has begun keeps to the many."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import community.fields
from community.tables import CreateTables


class Migration(migrations.Migration):
    replaces = [
        ("residents", "0001_initial"),
        ("residents", "0002_people_homes_registration"),
        ("residents", "0003_phone_tail"),
        ("residents", "0004_ways_in_and_visits"),
        ("residents", "0005_home_doors"),
        ("residents", "0006_notices_requests"),
        ("residents", "0007_signals"),
        ("residents", "0008_visit_plates"),
        ("residents", "0009_imports"),
        ("residents", "0010_care_watch"),
        ("residents", "0011_spoken_codes"),
        ("residents", "0012_lists_by_index"),
        ("residents", "0013_faces"),
        ("residents", "0014_names"),
        ("residents", "0015_face_records"),
        ("residents", "0016_gallery_holder_process"),
        ("residents", "0017_consents_asked_anew"),
        ("residents", "0018_passes_of_couriers"),
    ]

    initial = True

    dependencies = [
        ("community", "0001_squashed_0018_retention_of_parking_money"),
    ]

    operations = [
        CreateTables(
            [
                migrations.CreateModel(
                    name="ConsentText",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("face_entry", "Opening doors by face"),
                                    (
                                        "face_pictures",
                                        "Keeping the pictures the face was taken from",
                                    ),
                                    ("face_signs", "Counting a passage by face as a sign of life"),
                                ],
                                max_length=16,
                                verbose_name="purpose",
                            ),
                        ),
                        ("version", models.PositiveSmallIntegerField(verbose_name="version")),
                        ("chinese", models.TextField(verbose_name="Chinese text")),
                        ("english", models.TextField(blank=True, verbose_name="English text")),
                        ("published_at", models.DateTimeField(verbose_name="published")),
                        (
                            "published_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="published by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consent text",
                        "verbose_name_plural": "consent texts",
                        "ordering": ["purpose", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "purpose", "version"),
                                name="consent_text_version_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("chinese", ""), _negated=True),
                                name="consent_text_says_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DeadlineRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "jurisdiction",
                            models.CharField(max_length=40, verbose_name="jurisdiction"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("first_registration", "First registration"),
                                    ("landlord_start", "Landlord reports the start"),
                                    ("landlord_end", "Landlord reports the end"),
                                    ("property_report", "Report to the police"),
                                    ("police_answer", "Answer of the police"),
                                    ("change_report", "Report of a change"),
                                    ("permit", "Residence permit possible"),
                                    ("endorsement", "Yearly endorsement"),
                                    ("lease_filing", "Filing of the lease"),
                                    ("lease_end", "End of the lease"),
                                    ("move_out", "Expected move-out"),
                                ],
                                max_length=20,
                                verbose_name="deadline",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveSmallIntegerField(default=1, verbose_name="version"),
                        ),
                        ("valid_from", models.DateField(verbose_name="in force from")),
                        ("amount", models.PositiveSmallIntegerField(verbose_name="amount")),
                        (
                            "measure",
                            models.CharField(
                                choices=[
                                    ("days", "days"),
                                    ("working_days", "working days"),
                                    ("months", "months"),
                                    ("years", "years"),
                                ],
                                max_length=12,
                                verbose_name="measure",
                            ),
                        ),
                        (
                            "opens_months",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="possible months before"
                            ),
                        ),
                        (
                            "rolls",
                            models.BooleanField(
                                default=False, verbose_name="moves behind holidays"
                            ),
                        ),
                        (
                            "exemptions",
                            models.JSONField(blank=True, default=list, verbose_name="exemptions"),
                        ),
                        (
                            "remind",
                            models.JSONField(
                                blank=True, default=list, verbose_name="reminders, days before"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(max_length=300, verbose_name="source of the rule"),
                        ),
                        (
                            "certainty",
                            models.CharField(
                                choices=[
                                    ("read", "Read in the source"),
                                    ("excerpt", "Seen as an excerpt"),
                                    ("memory", "To be compared with the source"),
                                ],
                                max_length=8,
                                verbose_name="how sure",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadline rule",
                        "verbose_name_plural": "deadline rules",
                        "ordering": ["jurisdiction", "kind", "-version"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("jurisdiction", "kind", "version"),
                                name="deadline_rule_version_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", ""), _negated=True),
                                name="deadline_rule_has_source",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Holiday",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("day", models.DateField(unique=True, verbose_name="day")),
                        (
                            "is_working",
                            models.BooleanField(default=False, verbose_name="working day"),
                        ),
                        ("name", models.CharField(max_length=40, verbose_name="name")),
                        ("source", models.CharField(max_length=200, verbose_name="source")),
                    ],
                    options={
                        "verbose_name": "holiday",
                        "verbose_name_plural": "holidays",
                        "ordering": ["day"],
                    },
                ),
                migrations.CreateModel(
                    name="Person",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="people",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="files",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="sign-in",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="full name")),
                        (
                            "name_latin",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="name in Latin letters"
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                blank=True,
                                choices=[("1", "Male"), ("2", "Female")],
                                max_length=1,
                                verbose_name="sex",
                            ),
                        ),
                        (
                            "birth_date",
                            models.DateField(blank=True, null=True, verbose_name="birth date"),
                        ),
                        (
                            "ethnicity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "汉 Han"),
                                    ("02", "蒙古 Mongol"),
                                    ("03", "回 Hui"),
                                    ("04", "藏 Tibetan"),
                                    ("05", "维吾尔 Uyghur"),
                                    ("06", "苗 Miao"),
                                    ("07", "彝 Yi"),
                                    ("08", "壮 Zhuang"),
                                    ("09", "布依 Bouyei"),
                                    ("10", "朝鲜 Korean"),
                                    ("11", "满 Manchu"),
                                    ("12", "侗 Dong"),
                                    ("13", "瑶 Yao"),
                                    ("14", "白 Bai"),
                                    ("15", "土家 Tujia"),
                                    ("16", "哈尼 Hani"),
                                    ("17", "哈萨克 Kazak"),
                                    ("18", "傣 Dai"),
                                    ("19", "黎 Li"),
                                    ("20", "傈僳 Lisu"),
                                    ("21", "佤 Va"),
                                    ("22", "畲 She"),
                                    ("23", "高山 Gaoshan"),
                                    ("24", "拉祜 Lahu"),
                                    ("25", "水 Sui"),
                                    ("26", "东乡 Dongxiang"),
                                    ("27", "纳西 Naxi"),
                                    ("28", "景颇 Jingpo"),
                                    ("29", "柯尔克孜 Kirgiz"),
                                    ("30", "土 Tu"),
                                    ("31", "达斡尔 Daur"),
                                    ("32", "仫佬 Mulao"),
                                    ("33", "羌 Qiang"),
                                    ("34", "布朗 Blang"),
                                    ("35", "撒拉 Salar"),
                                    ("36", "毛南 Maonan"),
                                    ("37", "仡佬 Gelao"),
                                    ("38", "锡伯 Xibe"),
                                    ("39", "阿昌 Achang"),
                                    ("40", "普米 Pumi"),
                                    ("41", "塔吉克 Tajik"),
                                    ("42", "怒 Nu"),
                                    ("43", "乌孜别克 Uzbek"),
                                    ("44", "俄罗斯 Russian"),
                                    ("45", "鄂温克 Ewenki"),
                                    ("46", "德昂 Deang"),
                                    ("47", "保安 Bonan"),
                                    ("48", "裕固 Yugur"),
                                    ("49", "京 Gin"),
                                    ("50", "塔塔尔 Tatar"),
                                    ("51", "独龙 Derung"),
                                    ("52", "鄂伦春 Oroqen"),
                                    ("53", "赫哲 Hezhen"),
                                    ("54", "门巴 Monba"),
                                    ("55", "珞巴 Lhoba"),
                                    ("56", "基诺 Jino"),
                                    ("97", "其他 Other"),
                                    ("98", "外国血统 Foreign descent"),
                                ],
                                max_length=2,
                                verbose_name="ethnicity",
                            ),
                        ),
                        (
                            "nationality",
                            models.CharField(
                                blank=True,
                                help_text="Three letters, such as CHN",
                                max_length=3,
                                verbose_name="nationality",
                            ),
                        ),
                        (
                            "phone",
                            community.fields.EncryptedTextField(blank=True, verbose_name="phone"),
                        ),
                        (
                            "phone_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "phone_tail_index",
                            community.fields.BlindTailField(
                                blank=True,
                                default="",
                                editable=False,
                                length=4,
                                max_length=80,
                                of="phone",
                            ),
                        ),
                        (
                            "phone_confirmed_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="phone confirmed"
                            ),
                        ),
                        (
                            "document_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resident_id", "Resident ID card"),
                                    ("passport", "Passport"),
                                    ("hong_kong", "Permit for Hong Kong and Macau residents"),
                                    ("taiwan", "Permit for Taiwan residents"),
                                    ("foreigner", "Foreigner's permanent residence card"),
                                ],
                                max_length=12,
                                verbose_name="document",
                            ),
                        ),
                        (
                            "document",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="document number"
                            ),
                        ),
                        (
                            "document_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "languages",
                            models.JSONField(blank=True, default=list, verbose_name="languages"),
                        ),
                        ("needs", models.JSONField(blank=True, default=list, verbose_name="needs")),
                        (
                            "merged_into",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="merged_from",
                                to="residents.person",
                                verbose_name="merged into",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                    ],
                    options={
                        "verbose_name": "person",
                        "verbose_name_plural": "people",
                        "ordering": ["compound", "name", "id"],
                        "indexes": [
                            models.Index(fields=["compound", "name", "id"], name="person_by_name"),
                            models.Index(
                                fields=["compound", "phone_index"], name="person_by_phone"
                            ),
                            models.Index(
                                fields=["compound", "phone_tail_index"], name="person_by_phone_tail"
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("document_index", ""), _negated=True),
                                fields=("compound", "document_index"),
                                name="person_document_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("user__isnull", False)),
                                fields=("compound", "user"),
                                name="person_user_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    ("phone_confirmed_at__isnull", False),
                                    models.Q(("phone_index", ""), _negated=True),
                                ),
                                fields=("compound", "phone_index"),
                                name="person_phone_confirmed_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CareWatch",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="care",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "relative",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="cares_for",
                                to="residents.person",
                                verbose_name="relative to ask",
                            ),
                        ),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                default=3, verbose_name="days without a sign"
                            ),
                        ),
                        (
                            "consent",
                            models.CharField(
                                choices=[("person", "By the person"), ("family", "By the family")],
                                max_length=6,
                                verbose_name="consent",
                            ),
                        ),
                        (
                            "consent_note",
                            models.CharField(
                                help_text="Such as the number of the form",
                                max_length=120,
                                verbose_name="where the consent is",
                            ),
                        ),
                        ("consent_at", models.DateTimeField(verbose_name="consent given")),
                        (
                            "consent_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken down by",
                            ),
                        ),
                        ("last_sign_at", models.DateTimeField(verbose_name="last sign")),
                        (
                            "away_until",
                            models.DateField(blank=True, null=True, verbose_name="away until"),
                        ),
                        (
                            "step",
                            models.CharField(
                                choices=[
                                    ("quiet", "All is well"),
                                    ("person", "The person was asked"),
                                    ("family", "The family was asked"),
                                    ("desk", "The desk has to look"),
                                ],
                                default="quiet",
                                max_length=6,
                                verbose_name="step",
                            ),
                        ),
                        (
                            "stepped_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="since"),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                    ],
                    options={
                        "verbose_name": "care watch",
                        "verbose_name_plural": "care watches",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None)),
                                fields=("person",),
                                name="care_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("days__gte", 1), ("days__lte", 30)),
                                name="care_days",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("consent_note", ""), _negated=True),
                                name="care_consent_on_file",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("step", "quiet"),
                                    ("stepped_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="care_step_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("relative", None),
                                    models.Q(("relative", models.F("person")), _negated=True),
                                    _connector="OR",
                                ),
                                name="care_relative_is_other",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Consent",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="consents",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "text",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="consents",
                                to="residents.consenttext",
                                verbose_name="consent text",
                            ),
                        ),
                        (
                            "purpose",
                            models.CharField(
                                choices=[
                                    ("face_entry", "Opening doors by face"),
                                    (
                                        "face_pictures",
                                        "Keeping the pictures the face was taken from",
                                    ),
                                    ("face_signs", "Counting a passage by face as a sign of life"),
                                ],
                                max_length=16,
                                verbose_name="purpose",
                            ),
                        ),
                        (
                            "way",
                            models.CharField(
                                choices=[
                                    ("phone", "On the phone"),
                                    ("desk", "At the desk, on paper"),
                                ],
                                max_length=8,
                                verbose_name="given",
                            ),
                        ),
                        (
                            "child",
                            models.BooleanField(
                                default=False, verbose_name="under 14 when it was given"
                            ),
                        ),
                        (
                            "guardian",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="residents.person",
                                verbose_name="guardian",
                            ),
                        ),
                        (
                            "asked_anew_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="asked anew"
                            ),
                        ),
                        ("given_at", models.DateTimeField(verbose_name="given on")),
                        (
                            "given_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        (
                            "withdrawn_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="withdrawal entered by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "consent",
                        "verbose_name_plural": "consents",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("withdrawn_at", None)),
                                fields=("person", "purpose"),
                                name="consent_stands_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("child", False), ("guardian__isnull", False), _connector="OR"
                                ),
                                name="child_has_guardian",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("guardian", None),
                                    models.Q(("guardian", models.F("person")), _negated=True),
                                    _connector="OR",
                                ),
                                name="guardian_is_other",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="OtherPhone",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="other_phones",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("home", "At home"),
                                    ("work", "At work"),
                                    ("emergency", "In an emergency"),
                                ],
                                default="emergency",
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "name",
                            models.CharField(blank=True, max_length=80, verbose_name="who answers"),
                        ),
                        ("phone", community.fields.EncryptedTextField(verbose_name="phone")),
                        ("phone_index", models.CharField(editable=False, max_length=80)),
                    ],
                    options={
                        "verbose_name": "further phone",
                        "verbose_name_plural": "further phones",
                        "indexes": [
                            models.Index(fields=["compound", "phone_index"], name="other_by_phone")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("person", "phone_index"), name="other_phone_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Household",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="households",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="first day")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                    ],
                    options={
                        "verbose_name": "household",
                        "verbose_name_plural": "households",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="household_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Residency",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="residencies",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="residencies",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("owner", "Owner"),
                                    ("tenant", "Tenant"),
                                    ("family", "Family"),
                                    ("live_in_help", "Live-in help"),
                                    ("employee", "Employee"),
                                ],
                                max_length=12,
                                verbose_name="kind",
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="first day")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        (
                            "household",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="members",
                                to="residents.household",
                                verbose_name="household",
                            ),
                        ),
                        (
                            "is_head",
                            models.BooleanField(
                                default=False, verbose_name="head of the household"
                            ),
                        ),
                        (
                            "relation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "Head of the household"),
                                    ("10", "Spouse"),
                                    ("20", "Son"),
                                    ("30", "Daughter"),
                                    ("40", "Grandchild"),
                                    ("50", "Parent"),
                                    ("60", "Grandparent"),
                                    ("70", "Brother or sister"),
                                    ("97", "Live-in help"),
                                    ("98", "Shares the home"),
                                    ("99", "Other relation"),
                                ],
                                max_length=2,
                                verbose_name="relation to the head",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "residency",
                        "verbose_name_plural": "residencies",
                        "ordering": ["compound", "unit__code", "started_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("person", "unit", "kind"),
                                name="residency_current_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="residency_ends_after_start",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None), ("is_head", True)),
                                fields=("household",),
                                name="household_one_head",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignInTicket",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="tickets",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("phone", "Code by phone"),
                                    ("invitation", "Invitation"),
                                    ("desk", "Code of the desk"),
                                ],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=80)),
                        ("phone_mark", models.CharField(blank=True, editable=False, max_length=80)),
                        (
                            "address_mark",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        ("expires_at", models.DateTimeField(verbose_name="good until")),
                        (
                            "tries",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="wrong guesses"
                            ),
                        ),
                        (
                            "used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="used"),
                        ),
                    ],
                    options={
                        "verbose_name": "sign-in code",
                        "verbose_name_plural": "sign-in codes",
                        "indexes": [
                            models.Index(fields=["phone_mark", "made_at"], name="ticket_by_phone"),
                            models.Index(
                                fields=["address_mark", "made_at"], name="ticket_by_address"
                            ),
                            models.Index(fields=["compound", "made_at"], name="ticket_by_compound"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "phone"), _negated=True),
                                fields=("digest",),
                                name="ticket_digest_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("kind", "phone"), ("person__isnull", False), _connector="OR"
                                ),
                                name="ticket_has_person",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="SignInFailure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("address_mark", models.CharField(editable=False, max_length=80)),
                        ("at", models.DateTimeField(verbose_name="when")),
                    ],
                    options={
                        "verbose_name": "wrong guess",
                        "verbose_name_plural": "wrong guesses",
                        "indexes": [
                            models.Index(fields=["address_mark", "at"], name="failure_by_address")
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FaceAssessment",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "title",
                            models.CharField(max_length=120, verbose_name="what was assessed"),
                        ),
                        ("made_on", models.DateField(verbose_name="assessed on")),
                        ("review_on", models.DateField(verbose_name="to be looked at again by")),
                        ("made_by", models.CharField(max_length=80, verbose_name="assessed by")),
                        ("file", models.CharField(editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(editable=False)),
                        ("size", models.PositiveIntegerField(editable=False, verbose_name="bytes")),
                        ("entered_at", models.DateTimeField(verbose_name="entered")),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "impact assessment",
                        "verbose_name_plural": "impact assessments",
                        "ordering": ["-made_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("review_on__gt", models.F("made_on"))),
                                name="assessment_looked_at_later",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="CameraSign",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "camera",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.device",
                                verbose_name="camera",
                            ),
                        ),
                        ("placed_on", models.DateField(verbose_name="put up on")),
                        (
                            "says_faces",
                            models.BooleanField(
                                default=False, verbose_name="says that faces are recognised"
                            ),
                        ),
                        (
                            "note",
                            models.CharField(
                                blank=True, max_length=120, verbose_name="where it hangs"
                            ),
                        ),
                        ("file", models.CharField(blank=True, editable=False, max_length=120)),
                        ("seal", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "removed_on",
                            models.DateField(blank=True, null=True, verbose_name="taken down on"),
                        ),
                        (
                            "entered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="entered by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "sign at a camera",
                        "verbose_name_plural": "signs at cameras",
                        "ordering": ["-placed_on", "-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("removed_on", None)),
                                fields=("camera",),
                                name="camera_sign_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("removed_on", None),
                                    ("removed_on__gte", models.F("placed_on")),
                                    _connector="OR",
                                ),
                                name="sign_taken_down_after",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FaceCalibration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="calibrated")),
                        ("engine", models.CharField(max_length=64, verbose_name="engine version")),
                        ("people", models.PositiveIntegerField(verbose_name="people")),
                        (
                            "pairs",
                            models.PositiveIntegerField(verbose_name="pairs of different people"),
                        ),
                        ("nearest", models.FloatField(null=True, verbose_name="nearest pair")),
                        (
                            "own",
                            models.FloatField(
                                null=True, verbose_name="own pictures that would open"
                            ),
                        ),
                        ("open_below", models.FloatField(verbose_name="opens below")),
                        (
                            "second_below",
                            models.FloatField(verbose_name="asks for a second way below"),
                        ),
                        ("measured", models.BooleanField(verbose_name="measured")),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="started by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "calibration of faces",
                        "verbose_name_plural": "calibrations of faces",
                        "ordering": ["-id"],
                    },
                ),
                migrations.CreateModel(
                    name="FaceGallery",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveBigIntegerField(default=0, verbose_name="version"),
                        ),
                        ("changed_at", models.DateTimeField(verbose_name="changed")),
                        (
                            "engine",
                            models.CharField(
                                blank=True, max_length=64, verbose_name="engine version"
                            ),
                        ),
                        (
                            "open_below",
                            models.FloatField(blank=True, null=True, verbose_name="opens below"),
                        ),
                        (
                            "second_below",
                            models.FloatField(
                                blank=True, null=True, verbose_name="asks for a second way below"
                            ),
                        ),
                        (
                            "calibrated_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="calibrated"),
                        ),
                        (
                            "calibrated_on",
                            models.PositiveIntegerField(
                                default=0, verbose_name="people it was calibrated on"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "face gallery",
                        "verbose_name_plural": "face galleries",
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("open_below", None), ("second_below", None)),
                                    models.Q(
                                        ("engine__gt", ""),
                                        ("open_below__gte", 0),
                                        ("second_below__gte", models.F("open_below")),
                                    ),
                                    _connector="OR",
                                ),
                                name="face_thresholds_in_order",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GalleryHolder",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("worker", "Recognition worker"), ("device", "Device")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="name")),
                        (
                            "version",
                            models.PositiveBigIntegerField(
                                default=0, verbose_name="confirmed version"
                            ),
                        ),
                        ("confirmed_at", models.DateTimeField(verbose_name="confirmed")),
                        ("process", models.CharField(blank=True, editable=False, max_length=160)),
                        (
                            "retired_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="holds nothing any more"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "holder of faces",
                        "verbose_name_plural": "holders of faces",
                        "ordering": ["name"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "name"), name="gallery_holder_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="StandardAddress",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="address",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "code",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="address code"
                            ),
                        ),
                        ("province", models.CharField(max_length=40, verbose_name="province")),
                        ("city", models.CharField(max_length=40, verbose_name="city")),
                        ("district", models.CharField(max_length=40, verbose_name="district")),
                        ("street", models.CharField(max_length=60, verbose_name="street")),
                        (
                            "number",
                            models.CharField(
                                blank=True, max_length=20, verbose_name="street number"
                            ),
                        ),
                        (
                            "place",
                            models.CharField(
                                blank=True, max_length=60, verbose_name="compound name"
                            ),
                        ),
                        ("building", models.CharField(max_length=20, verbose_name="building")),
                        (
                            "entrance",
                            models.CharField(blank=True, max_length=20, verbose_name="entrance"),
                        ),
                        (
                            "floor",
                            models.CharField(blank=True, max_length=10, verbose_name="floor"),
                        ),
                        ("room", models.CharField(max_length=20, verbose_name="room")),
                        (
                            "checked_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="checked on the spot"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "standard address",
                        "verbose_name_plural": "standard addresses",
                        "ordering": ["compound", "unit__code"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("code", ""), _negated=True),
                                fields=("compound", "code"),
                                name="address_code_once",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="HomeCode",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="home_code",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        ("nonce", models.CharField(editable=False, max_length=32)),
                        ("issued_at", models.DateTimeField(verbose_name="issued")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="issued by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "home code",
                        "verbose_name_plural": "home codes",
                    },
                ),
                migrations.CreateModel(
                    name="Letting",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lettings",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "landlord",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="lettings",
                                to="residents.person",
                                verbose_name="landlord",
                            ),
                        ),
                        (
                            "agent_name",
                            models.CharField(blank=True, max_length=80, verbose_name="agent"),
                        ),
                        (
                            "agent_phone",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="agent's phone"
                            ),
                        ),
                        (
                            "sublet_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="sublettings",
                                to="residents.person",
                                verbose_name="let on by",
                            ),
                        ),
                        ("started_on", models.DateField(verbose_name="let since")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="last day"),
                        ),
                        (
                            "vacant_since",
                            models.DateField(blank=True, null=True, verbose_name="empty since"),
                        ),
                        (
                            "start_reported_on",
                            models.DateField(blank=True, null=True, verbose_name="start reported"),
                        ),
                        (
                            "end_reported_on",
                            models.DateField(blank=True, null=True, verbose_name="end reported"),
                        ),
                    ],
                    options={
                        "verbose_name": "let home",
                        "verbose_name_plural": "let homes",
                        "ordering": ["compound", "unit__code", "-started_on"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_on", None)),
                                fields=("unit", "landlord"),
                                name="letting_current_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_on", None),
                                    ("ended_on__gte", models.F("started_on")),
                                    _connector="OR",
                                ),
                                name="letting_ends_after_start",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Lease",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "letting",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="leases",
                                to="residents.letting",
                                verbose_name="let home",
                            ),
                        ),
                        (
                            "tenant",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="leases",
                                to="residents.person",
                                verbose_name="tenant",
                            ),
                        ),
                        ("starts_on", models.DateField(verbose_name="from")),
                        ("ends_on", models.DateField(verbose_name="to")),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="ended on"),
                        ),
                        (
                            "filing_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="filing number"
                            ),
                        ),
                        (
                            "filed_on",
                            models.DateField(blank=True, null=True, verbose_name="filed on"),
                        ),
                    ],
                    options={
                        "verbose_name": "lease",
                        "verbose_name_plural": "leases",
                        "ordering": ["-starts_on", "-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_on__gte", models.F("starts_on"))),
                                name="lease_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ResidentImport",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("file_name", models.CharField(max_length=120, verbose_name="file")),
                        ("digest", models.CharField(max_length=64)),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("checking", "Being checked"),
                                    ("checked", "Checked"),
                                    ("refused", "With faults"),
                                    ("applying", "Being applied"),
                                    ("applied", "Applied"),
                                ],
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                        ("applied", models.PositiveIntegerField(default=0, verbose_name="applied")),
                        (
                            "created_by",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("people", "People and registrations"),
                                    ("homes", "Homes and addresses"),
                                ],
                                default="people",
                                max_length=6,
                                verbose_name="kind of list",
                            ),
                        ),
                        (
                            "faults",
                            community.fields.EncryptedJSONField(
                                blank=True, default=list, verbose_name="faults"
                            ),
                        ),
                        ("fresh", models.PositiveIntegerField(default=0, verbose_name="new here")),
                        ("known", models.PositiveIntegerField(default=0, verbose_name="on file")),
                    ],
                    options={
                        "verbose_name": "resident list",
                        "verbose_name_plural": "resident lists",
                        "ordering": ["-id"],
                        "abstract": False,
                    },
                ),
                migrations.CreateModel(
                    name="ResidentImportRow",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        ("number", models.PositiveIntegerField(verbose_name="row")),
                        ("applied_at", models.DateTimeField(blank=True, null=True)),
                        (
                            "batch",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="staged",
                                to="residents.residentimport",
                            ),
                        ),
                        ("values", community.fields.EncryptedJSONField(verbose_name="values")),
                    ],
                    options={
                        "verbose_name": "row of a resident list",
                        "verbose_name_plural": "rows of resident lists",
                        "ordering": ["number"],
                        "abstract": False,
                        "indexes": [
                            models.Index(
                                condition=models.Q(("applied_at", None)),
                                fields=["batch", "number"],
                                name="resident_import_row_waiting",
                            )
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("batch", "number"), name="resident_import_row_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Notice",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notices",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("title", models.CharField(max_length=80, verbose_name="title")),
                        ("text", models.TextField(max_length=4000, verbose_name="text")),
                        (
                            "audience",
                            models.CharField(
                                choices=[
                                    ("everyone", "Everyone here"),
                                    ("residents", "Residents"),
                                    ("landlords", "Landlords"),
                                    ("staff", "Staff"),
                                ],
                                default="everyone",
                                max_length=10,
                                verbose_name="for whom",
                            ),
                        ),
                        (
                            "is_important",
                            models.BooleanField(
                                default=False,
                                help_text="Goes out by SMS too, and on paper to homes that nothing else reaches.",
                                verbose_name="important",
                            ),
                        ),
                        ("publish_at", models.DateTimeField(verbose_name="out from")),
                        (
                            "ends_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ends at"),
                        ),
                        (
                            "withdrawn_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="withdrawn"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="created"),
                        ),
                        ("told_unit", models.BigIntegerField(default=0, editable=False)),
                        (
                            "told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="everybody told"
                            ),
                        ),
                        (
                            "told_count",
                            models.PositiveIntegerField(default=0, verbose_name="people told"),
                        ),
                        (
                            "buildings",
                            models.ManyToManyField(
                                blank=True,
                                related_name="+",
                                to="community.building",
                                verbose_name="only these buildings",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "notice",
                        "verbose_name_plural": "notices",
                        "ordering": ["-publish_at", "-id"],
                        "indexes": [
                            models.Index(fields=["compound", "-publish_at"], name="notice_by_time"),
                            models.Index(
                                condition=models.Q(("told_at", None)),
                                fields=["publish_at"],
                                name="notice_to_tell",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ends_at", None),
                                    ("ends_at__gt", models.F("publish_at")),
                                    _connector="OR",
                                ),
                                name="notice_ends_after_start",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="NoticeRead",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "notice",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="reads",
                                to="residents.notice",
                                verbose_name="notice",
                            ),
                        ),
                        (
                            "user",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="reader",
                            ),
                        ),
                        ("read_at", models.DateTimeField(auto_now_add=True, verbose_name="read")),
                    ],
                    options={
                        "verbose_name": "read receipt",
                        "verbose_name_plural": "read receipts",
                        "ordering": ["-read_at"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("notice", "user"), name="notice_read_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Registration",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="registrations",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="registrations",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "letting",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="registrations",
                                to="residents.letting",
                                verbose_name="let home",
                            ),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("invited", "Invited"),
                                    ("draft", "Being filled in"),
                                    ("submitted", "To be checked"),
                                    ("returned", "Returned for correction"),
                                    ("accepted", "Accepted, to be reported"),
                                    ("reported", "Reported to the police"),
                                    ("confirmed", "Registered"),
                                    ("expiring", "Runs out soon"),
                                    ("renewed", "Renewed"),
                                    ("ended", "Ended"),
                                ],
                                default="draft",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "origin",
                            models.CharField(
                                choices=[
                                    ("tenant", "By the tenant"),
                                    ("landlord", "By the landlord"),
                                    ("desk", "At the desk"),
                                ],
                                max_length=8,
                                verbose_name="started",
                            ),
                        ),
                        (
                            "on_behalf",
                            models.BooleanField(default=False, verbose_name="filled in on behalf"),
                        ),
                        (
                            "started_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                            ),
                        ),
                        ("version", models.PositiveIntegerField(default=1, editable=False)),
                        ("nonce", models.CharField(editable=False, max_length=32)),
                        (
                            "name",
                            models.CharField(blank=True, max_length=80, verbose_name="full name"),
                        ),
                        (
                            "name_latin",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="name in Latin letters"
                            ),
                        ),
                        (
                            "sex",
                            models.CharField(
                                blank=True,
                                choices=[("1", "Male"), ("2", "Female")],
                                max_length=1,
                                verbose_name="sex",
                            ),
                        ),
                        (
                            "ethnicity",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "汉 Han"),
                                    ("02", "蒙古 Mongol"),
                                    ("03", "回 Hui"),
                                    ("04", "藏 Tibetan"),
                                    ("05", "维吾尔 Uyghur"),
                                    ("06", "苗 Miao"),
                                    ("07", "彝 Yi"),
                                    ("08", "壮 Zhuang"),
                                    ("09", "布依 Bouyei"),
                                    ("10", "朝鲜 Korean"),
                                    ("11", "满 Manchu"),
                                    ("12", "侗 Dong"),
                                    ("13", "瑶 Yao"),
                                    ("14", "白 Bai"),
                                    ("15", "土家 Tujia"),
                                    ("16", "哈尼 Hani"),
                                    ("17", "哈萨克 Kazak"),
                                    ("18", "傣 Dai"),
                                    ("19", "黎 Li"),
                                    ("20", "傈僳 Lisu"),
                                    ("21", "佤 Va"),
                                    ("22", "畲 She"),
                                    ("23", "高山 Gaoshan"),
                                    ("24", "拉祜 Lahu"),
                                    ("25", "水 Sui"),
                                    ("26", "东乡 Dongxiang"),
                                    ("27", "纳西 Naxi"),
                                    ("28", "景颇 Jingpo"),
                                    ("29", "柯尔克孜 Kirgiz"),
                                    ("30", "土 Tu"),
                                    ("31", "达斡尔 Daur"),
                                    ("32", "仫佬 Mulao"),
                                    ("33", "羌 Qiang"),
                                    ("34", "布朗 Blang"),
                                    ("35", "撒拉 Salar"),
                                    ("36", "毛南 Maonan"),
                                    ("37", "仡佬 Gelao"),
                                    ("38", "锡伯 Xibe"),
                                    ("39", "阿昌 Achang"),
                                    ("40", "普米 Pumi"),
                                    ("41", "塔吉克 Tajik"),
                                    ("42", "怒 Nu"),
                                    ("43", "乌孜别克 Uzbek"),
                                    ("44", "俄罗斯 Russian"),
                                    ("45", "鄂温克 Ewenki"),
                                    ("46", "德昂 Deang"),
                                    ("47", "保安 Bonan"),
                                    ("48", "裕固 Yugur"),
                                    ("49", "京 Gin"),
                                    ("50", "塔塔尔 Tatar"),
                                    ("51", "独龙 Derung"),
                                    ("52", "鄂伦春 Oroqen"),
                                    ("53", "赫哲 Hezhen"),
                                    ("54", "门巴 Monba"),
                                    ("55", "珞巴 Lhoba"),
                                    ("56", "基诺 Jino"),
                                    ("97", "其他 Other"),
                                    ("98", "外国血统 Foreign descent"),
                                ],
                                max_length=2,
                                verbose_name="ethnicity",
                            ),
                        ),
                        (
                            "nationality",
                            models.CharField(blank=True, max_length=3, verbose_name="nationality"),
                        ),
                        (
                            "birth_date",
                            models.DateField(blank=True, null=True, verbose_name="birth date"),
                        ),
                        (
                            "document_kind",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("resident_id", "Resident ID card"),
                                    ("passport", "Passport"),
                                    ("hong_kong", "Permit for Hong Kong and Macau residents"),
                                    ("taiwan", "Permit for Taiwan residents"),
                                    ("foreigner", "Foreigner's permanent residence card"),
                                ],
                                max_length=12,
                                verbose_name="document",
                            ),
                        ),
                        (
                            "document",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="document number"
                            ),
                        ),
                        (
                            "document_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "phone",
                            community.fields.EncryptedTextField(blank=True, verbose_name="phone"),
                        ),
                        (
                            "phone_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "hukou_address",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="hukou address"
                            ),
                        ),
                        (
                            "hukou_province",
                            models.CharField(
                                blank=True, max_length=2, verbose_name="hukou province"
                            ),
                        ),
                        (
                            "political",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "Party member"),
                                    ("02", "Probationary party member"),
                                    ("03", "Youth League member"),
                                    ("04", "Member of another party"),
                                    ("13", "No party"),
                                ],
                                max_length=2,
                                verbose_name="political status",
                            ),
                        ),
                        (
                            "marriage",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("10", "Unmarried"),
                                    ("20", "Married"),
                                    ("30", "Widowed"),
                                    ("40", "Divorced"),
                                ],
                                max_length=2,
                                verbose_name="marriage",
                            ),
                        ),
                        (
                            "education",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("10", "Master or doctor"),
                                    ("20", "Bachelor"),
                                    ("30", "College"),
                                    ("40", "Vocational school"),
                                    ("60", "Senior high school"),
                                    ("70", "Junior high school"),
                                    ("80", "Primary school"),
                                    ("90", "Other schooling"),
                                ],
                                max_length=2,
                                verbose_name="education",
                            ),
                        ),
                        (
                            "moved_in_on",
                            models.DateField(blank=True, null=True, verbose_name="moved in on"),
                        ),
                        (
                            "expected_out_on",
                            models.DateField(blank=True, null=True, verbose_name="staying until"),
                        ),
                        (
                            "relation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "Head of the household"),
                                    ("10", "Spouse"),
                                    ("20", "Son"),
                                    ("30", "Daughter"),
                                    ("40", "Grandchild"),
                                    ("50", "Parent"),
                                    ("60", "Grandparent"),
                                    ("70", "Brother or sister"),
                                    ("97", "Live-in help"),
                                    ("98", "Shares the home"),
                                    ("99", "Other relation"),
                                ],
                                max_length=2,
                                verbose_name="relation to the head",
                            ),
                        ),
                        (
                            "reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "Work"),
                                    ("02", "Farming"),
                                    ("03", "Business"),
                                    ("04", "Service trade"),
                                    ("05", "Domestic work"),
                                    ("06", "Official duty"),
                                    ("07", "Study or training"),
                                    ("08", "Medical treatment"),
                                    ("09", "Joining relatives"),
                                    ("10", "Moved with family"),
                                    ("11", "Marriage"),
                                    ("12", "Visiting relatives or friends"),
                                    ("13", "Tourism"),
                                    ("14", "Other reason"),
                                ],
                                max_length=2,
                                verbose_name="reason for coming",
                            ),
                        ),
                        (
                            "occupation",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("01", "Civil servant"),
                                    ("02", "Professional"),
                                    ("03", "Executive"),
                                    ("04", "Office worker"),
                                    ("05", "Factory or building worker"),
                                    ("06", "Farmer"),
                                    ("07", "Shop or service worker"),
                                    ("08", "Self-employed"),
                                    ("09", "Freelancer"),
                                    ("10", "Student"),
                                    ("11", "Retired"),
                                    ("12", "Out of work"),
                                    ("13", "Other work"),
                                ],
                                max_length=2,
                                verbose_name="occupation",
                            ),
                        ),
                        (
                            "workplace",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="workplace"
                            ),
                        ),
                        (
                            "social_insurance",
                            models.BooleanField(
                                blank=True, null=True, verbose_name="has social insurance here"
                            ),
                        ),
                        (
                            "landlord_name",
                            models.CharField(
                                blank=True, max_length=80, verbose_name="landlord's name"
                            ),
                        ),
                        (
                            "landlord_phone",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="landlord's phone"
                            ),
                        ),
                        (
                            "lease_from",
                            models.DateField(blank=True, null=True, verbose_name="lease from"),
                        ),
                        (
                            "lease_to",
                            models.DateField(blank=True, null=True, verbose_name="lease to"),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="started at"),
                        ),
                        (
                            "changed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="changed"),
                        ),
                        (
                            "submitted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="submitted"),
                        ),
                        (
                            "return_reason",
                            models.CharField(
                                blank=True, max_length=200, verbose_name="what to correct"
                            ),
                        ),
                        (
                            "accepted_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="accepted"),
                        ),
                        (
                            "accepted_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="accepted by",
                            ),
                        ),
                        (
                            "reported_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="reported"),
                        ),
                        (
                            "confirmed_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                        ),
                        (
                            "police_number",
                            models.CharField(
                                blank=True, max_length=40, verbose_name="police receipt"
                            ),
                        ),
                        (
                            "permit_number",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="residence permit number"
                            ),
                        ),
                        (
                            "permit_issued_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="residence permit of"
                            ),
                        ),
                        (
                            "counts_from",
                            models.DateField(
                                blank=True, null=True, verbose_name="years count from"
                            ),
                        ),
                        (
                            "endorsed_until",
                            models.DateField(blank=True, null=True, verbose_name="endorsed until"),
                        ),
                        (
                            "suspended_on",
                            models.DateField(
                                blank=True, null=True, verbose_name="permit suspended on"
                            ),
                        ),
                        (
                            "renewed_on",
                            models.DateField(blank=True, null=True, verbose_name="renewed on"),
                        ),
                        (
                            "ended_on",
                            models.DateField(blank=True, null=True, verbose_name="ended on"),
                        ),
                        (
                            "end_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("moved_out", "Moved out"),
                                    ("expired", "Ran out"),
                                    ("withdrawn", "Withdrawn"),
                                    ("exempt", "Need not register"),
                                    ("mistaken", "Made by mistake"),
                                ],
                                max_length=10,
                                verbose_name="why ended",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "registration",
                        "verbose_name_plural": "registrations",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "state", "-id"], name="registration_by_state"
                            ),
                            models.Index(
                                fields=["compound", "document_index"],
                                name="registration_by_document",
                            ),
                            models.Index(
                                fields=["compound", "phone_index"], name="registration_by_phone"
                            ),
                            models.Index(
                                fields=["compound", "changed_at"], name="registration_changed"
                            ),
                            models.Index(
                                condition=models.Q(
                                    ("reported_at", None),
                                    ("changed_at__gt", models.F("reported_at")),
                                    _connector="OR",
                                ),
                                fields=["compound", "id"],
                                name="registration_to_report",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("expected_out_on", None),
                                    ("moved_in_on", None),
                                    ("expected_out_on__gte", models.F("moved_in_on")),
                                    _connector="OR",
                                ),
                                name="registration_out_after_in",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "ended"), _negated=True),
                                    models.Q(
                                        ("ended_on__isnull", False),
                                        models.Q(("end_reason", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="registration_end_is_said",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    (
                                        "state__in",
                                        [
                                            "accepted",
                                            "reported",
                                            "confirmed",
                                            "expiring",
                                            "renewed",
                                        ],
                                    )
                                ),
                                fields=("person", "unit"),
                                name="registration_live_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Deadline",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("first_registration", "First registration"),
                                    ("landlord_start", "Landlord reports the start"),
                                    ("landlord_end", "Landlord reports the end"),
                                    ("property_report", "Report to the police"),
                                    ("police_answer", "Answer of the police"),
                                    ("change_report", "Report of a change"),
                                    ("permit", "Residence permit possible"),
                                    ("endorsement", "Yearly endorsement"),
                                    ("lease_filing", "Filing of the lease"),
                                    ("lease_end", "End of the lease"),
                                    ("move_out", "Expected move-out"),
                                ],
                                max_length=20,
                                verbose_name="deadline",
                            ),
                        ),
                        ("key", models.CharField(editable=False, max_length=60)),
                        (
                            "unit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        (
                            "lease",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="residents.lease",
                                verbose_name="lease",
                            ),
                        ),
                        (
                            "letting",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="deadlines",
                                to="residents.letting",
                                verbose_name="let home",
                            ),
                        ),
                        (
                            "rule",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="residents.deadlinerule",
                                verbose_name="rule",
                            ),
                        ),
                        (
                            "opens_on",
                            models.DateField(blank=True, null=True, verbose_name="possible from"),
                        ),
                        ("due_on", models.DateField(verbose_name="due by")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "Open"),
                                    ("met", "Done"),
                                    ("dropped", "No longer needed"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("met_on", models.DateField(blank=True, null=True, verbose_name="done on")),
                        (
                            "remind_on",
                            models.DateField(blank=True, null=True, verbose_name="next reminder"),
                        ),
                        (
                            "reminders",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="reminders sent"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "deadline",
                        "verbose_name_plural": "deadlines",
                        "ordering": ["due_on", "id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("state", "open")),
                                fields=["compound", "state", "due_on", "id"],
                                name="deadline_by_urgency",
                            ),
                            models.Index(
                                condition=models.Q(("remind_on__isnull", False), ("state", "open")),
                                fields=["remind_on"],
                                name="deadline_to_remind",
                            ),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "key"), name="deadline_key_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "met"), _negated=True),
                                    ("met_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="deadline_met_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RegistrationStep",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="steps",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        ("at", models.DateTimeField(verbose_name="when")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("invited", "Invited"),
                                    ("draft", "Being filled in"),
                                    ("submitted", "To be checked"),
                                    ("returned", "Returned for correction"),
                                    ("accepted", "Accepted, to be reported"),
                                    ("reported", "Reported to the police"),
                                    ("confirmed", "Registered"),
                                    ("expiring", "Runs out soon"),
                                    ("renewed", "Renewed"),
                                    ("ended", "Ended"),
                                ],
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                    ],
                    options={
                        "verbose_name": "step of a registration",
                        "verbose_name_plural": "steps of registrations",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="RegistrationPhoto",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="photos",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("document_front", "Document, side with the photo"),
                                    ("document_back", "Document, other side"),
                                    ("portrait", "Portrait"),
                                    ("lease", "Lease"),
                                    ("deed", "Deed of the home"),
                                    ("landlord", "Landlord's document"),
                                ],
                                max_length=14,
                                verbose_name="what",
                            ),
                        ),
                        ("file", models.CharField(editable=False, max_length=120, unique=True)),
                        ("seal", community.fields.EncryptedTextField(editable=False)),
                        ("width", models.PositiveSmallIntegerField(verbose_name="width")),
                        ("height", models.PositiveSmallIntegerField(verbose_name="height")),
                        ("taken_at", models.DateTimeField(verbose_name="added")),
                    ],
                    options={
                        "verbose_name": "photograph of a document",
                        "verbose_name_plural": "photographs of documents",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("registration", "kind"), name="photo_kind_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportReceipt",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        ("number", models.CharField(max_length=20, verbose_name="receipt")),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        (
                            "jurisdiction",
                            models.CharField(max_length=40, verbose_name="jurisdiction"),
                        ),
                        (
                            "is_complete",
                            models.BooleanField(default=False, verbose_name="complete"),
                        ),
                        ("rows", models.PositiveIntegerField(default=0, verbose_name="rows")),
                        (
                            "expected",
                            models.PositiveIntegerField(default=0, verbose_name="rows to report"),
                        ),
                    ],
                    options={
                        "verbose_name": "police export",
                        "verbose_name_plural": "police exports",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "number"), name="receipt_number_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ExportLine",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "receipt",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="lines",
                                to="residents.exportreceipt",
                                verbose_name="receipt",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="export_lines",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        (
                            "change",
                            models.CharField(
                                choices=[
                                    ("added", "New"),
                                    ("changed", "Changed"),
                                    ("ended", "Ended"),
                                ],
                                max_length=8,
                                verbose_name="change",
                            ),
                        ),
                        ("values", community.fields.EncryptedJSONField(verbose_name="values")),
                    ],
                    options={
                        "verbose_name": "line of an export",
                        "verbose_name_plural": "lines of exports",
                        "ordering": ["id"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("receipt", "registration"), name="export_line_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("water", "Water and drains"),
                                    ("power", "Electricity"),
                                    ("lift", "Lift"),
                                    ("door", "Doors and locks"),
                                    ("common", "Common areas"),
                                    ("noise", "Noise"),
                                    ("cleaning", "Cleaning"),
                                    ("parking", "Parking"),
                                    ("staff", "Staff and service"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "hours",
                            models.PositiveSmallIntegerField(verbose_name="hours until done"),
                        ),
                        (
                            "remind_hours",
                            models.PositiveSmallIntegerField(
                                default=24, verbose_name="reminded again after hours"
                            ),
                        ),
                        (
                            "source",
                            models.CharField(max_length=200, verbose_name="source of the rule"),
                        ),
                    ],
                    options={
                        "verbose_name": "rule for requests",
                        "verbose_name_plural": "rules for requests",
                        "ordering": ["compound", "category"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "category"), name="request_rule_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("hours__gte", 1), ("remind_hours__gte", 1)),
                                name="request_rule_positive",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("source", ""), _negated=True),
                                name="request_rule_has_source",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="ServiceRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("repair", "Repair"), ("complaint", "Complaint")],
                                max_length=10,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "category",
                            models.CharField(
                                choices=[
                                    ("water", "Water and drains"),
                                    ("power", "Electricity"),
                                    ("lift", "Lift"),
                                    ("door", "Doors and locks"),
                                    ("common", "Common areas"),
                                    ("noise", "Noise"),
                                    ("cleaning", "Cleaning"),
                                    ("parking", "Parking"),
                                    ("staff", "Staff and service"),
                                    ("other", "Something else"),
                                ],
                                max_length=10,
                                verbose_name="category",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="requests",
                                to="residents.person",
                                verbose_name="reported by",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "place",
                            models.CharField(blank=True, max_length=80, verbose_name="place"),
                        ),
                        (
                            "description",
                            community.fields.EncryptedTextField(verbose_name="description"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("reported", "Reported"),
                                    ("assigned", "Assigned"),
                                    ("in_work", "In work"),
                                    ("done", "Done"),
                                    ("rated", "Rated"),
                                    ("refused", "Not accepted"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                default="reported",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "on_behalf_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="taken down by",
                            ),
                        ),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="assigned to",
                            ),
                        ),
                        (
                            "craftsman",
                            models.CharField(blank=True, max_length=60, verbose_name="craftsman"),
                        ),
                        (
                            "comes_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="comes at"),
                        ),
                        ("due_at", models.DateTimeField(verbose_name="due")),
                        (
                            "reminded_at",
                            models.DateTimeField(blank=True, editable=False, null=True),
                        ),
                        (
                            "reason",
                            models.CharField(blank=True, max_length=200, verbose_name="reason"),
                        ),
                        (
                            "rating",
                            models.PositiveSmallIntegerField(
                                blank=True, null=True, verbose_name="rating"
                            ),
                        ),
                        (
                            "rating_text",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="words of the rating"
                            ),
                        ),
                        (
                            "reopened",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="times reopened"
                            ),
                        ),
                        ("key", models.CharField(editable=False, max_length=80, unique=True)),
                        ("created_at", models.DateTimeField(verbose_name="reported")),
                        (
                            "done_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="done"),
                        ),
                    ],
                    options={
                        "verbose_name": "request",
                        "verbose_name_plural": "requests",
                        "ordering": ["-id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "state", "due_at"], name="request_by_due"
                            ),
                            models.Index(fields=["person", "-id"], name="request_of_person"),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("rating", None),
                                    models.Q(
                                        ("rating__gte", 1), ("rating__lte", 5), ("state", "rated")
                                    ),
                                    _connector="OR",
                                ),
                                name="request_rating_one_to_five",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "refused"), _negated=True),
                                    models.Q(("reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="request_refused_has_reason",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state__in", ["done", "rated"]), _negated=True),
                                    ("done_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="request_done_has_time",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unit__isnull", False),
                                    models.Q(("place", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="request_has_place",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="RequestNote",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="notes",
                                to="residents.servicerequest",
                                verbose_name="request",
                            ),
                        ),
                        (
                            "author",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="by",
                            ),
                        ),
                        ("text", community.fields.EncryptedTextField(verbose_name="text")),
                        (
                            "is_internal",
                            models.BooleanField(default=False, verbose_name="only for the staff"),
                        ),
                        ("created_at", models.DateTimeField(verbose_name="written")),
                    ],
                    options={
                        "verbose_name": "note",
                        "verbose_name_plural": "notes",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="RequestPicture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "request",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="residents.servicerequest",
                                verbose_name="request",
                            ),
                        ),
                        ("file", models.CharField(editable=False, max_length=120, unique=True)),
                        ("seal", community.fields.EncryptedTextField(editable=False)),
                        ("width", models.PositiveSmallIntegerField(verbose_name="width")),
                        ("height", models.PositiveSmallIntegerField(verbose_name="height")),
                    ],
                    options={
                        "verbose_name": "picture of a request",
                        "verbose_name_plural": "pictures of requests",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="SignalRule",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lease_over", "Lease ended, entries go on"),
                                    ("no_life", "Registered, no sign of life"),
                                    ("pass_nights", "Visitors' passes on many nights"),
                                    ("car_nights", "Unregistered car overnight"),
                                ],
                                max_length=12,
                                verbose_name="signal",
                            ),
                        ),
                        (
                            "times",
                            models.PositiveSmallIntegerField(
                                default=3,
                                help_text="Without meaning for “no sign of life”.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(90),
                                ],
                                verbose_name="days or nights at least",
                            ),
                        ),
                        (
                            "days",
                            models.PositiveSmallIntegerField(
                                default=30,
                                help_text="For “no sign of life”: for how many days nothing was seen.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(365),
                                ],
                                verbose_name="within days",
                            ),
                        ),
                        (
                            "weight",
                            models.PositiveSmallIntegerField(
                                default=50,
                                help_text="1 to 100; the heaviest stand first.",
                                validators=[
                                    django.core.validators.MinValueValidator(1),
                                    django.core.validators.MaxValueValidator(100),
                                ],
                                verbose_name="weight",
                            ),
                        ),
                        ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                    ],
                    options={
                        "verbose_name": "rule for signals",
                        "verbose_name_plural": "rules for signals",
                        "ordering": ["compound", "kind"],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "kind"), name="signal_rule_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("days__gte", 1),
                                    ("times__gte", 1),
                                    ("weight__gte", 1),
                                    ("weight__lte", 100),
                                ),
                                name="signal_rule_range",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Sign",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("entry", "Entry"),
                                    ("pass_night", "Visitor's pass overnight"),
                                    ("car_night", "Unregistered car overnight"),
                                ],
                                max_length=10,
                                verbose_name="what",
                            ),
                        ),
                        (
                            "source",
                            models.CharField(
                                choices=[
                                    ("card", "Card"),
                                    ("qr", "Personal QR code"),
                                    ("pin", "Home number and PIN"),
                                    ("pass", "Visitor's pass"),
                                    ("car", "Car"),
                                ],
                                max_length=8,
                                verbose_name="known by",
                            ),
                        ),
                        ("key", models.CharField(editable=False, max_length=60)),
                        ("on", models.DateField(verbose_name="day")),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signs",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                    ],
                    options={
                        "verbose_name": "sign of life",
                        "verbose_name_plural": "signs of life",
                        "ordering": ["-on", "-id"],
                        "indexes": [
                            models.Index(fields=["compound", "kind", "on"], name="sign_by_day"),
                            models.Index(fields=["unit", "on"], name="sign_of_home"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("compound", "source", "key"), name="sign_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("unit__isnull", False),
                                    ("person__isnull", False),
                                    models.Q(("plate", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="sign_of_something",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Signal",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("lease_over", "Lease ended, entries go on"),
                                    ("no_life", "Registered, no sign of life"),
                                    ("pass_nights", "Visitors' passes on many nights"),
                                    ("car_nights", "Unregistered car overnight"),
                                ],
                                max_length=12,
                                verbose_name="signal",
                            ),
                        ),
                        ("subject", models.CharField(editable=False, max_length=40)),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="signals",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "To look at"),
                                    ("visit", "Visit planned"),
                                    ("muted", "Muted"),
                                    ("closed", "Closed"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        ("weight", models.PositiveSmallIntegerField(verbose_name="weight")),
                        ("evidence", models.JSONField(default=dict, verbose_name="evidence")),
                        ("found_on", models.DateField(verbose_name="found")),
                        (
                            "assigned_to",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="who calls there",
                            ),
                        ),
                        (
                            "visit_on",
                            models.DateField(blank=True, null=True, verbose_name="visit on"),
                        ),
                        (
                            "outcome",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("registered", "Registered now"),
                                    ("guest", "Guest"),
                                    ("mistaken", "Mistaken"),
                                    ("moved_out", "Moved out"),
                                    ("settled", "Settled by itself"),
                                ],
                                max_length=10,
                                verbose_name="outcome",
                            ),
                        ),
                        ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                        (
                            "muted_until",
                            models.DateField(blank=True, null=True, verbose_name="muted until"),
                        ),
                        (
                            "closed_on",
                            models.DateField(blank=True, null=True, verbose_name="closed on"),
                        ),
                        (
                            "closed_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.PROTECT,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="closed by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "signal",
                        "verbose_name_plural": "signals",
                        "ordering": ["-weight", "found_on", "id"],
                        "indexes": [
                            models.Index(
                                fields=["compound", "state", "-weight"], name="signal_by_weight"
                            ),
                            models.Index(fields=["compound", "subject"], name="signal_of_subject"),
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "closed"), _negated=True),
                                fields=("compound", "subject"),
                                name="signal_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "muted"), _negated=True),
                                    models.Q(
                                        ("muted_until__isnull", False),
                                        models.Q(("note", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="signal_muted_why",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "closed"), _negated=True),
                                    models.Q(
                                        ("closed_on__isnull", False),
                                        models.Q(("outcome", ""), _negated=True),
                                    ),
                                    _connector="OR",
                                ),
                                name="signal_closed_how",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("state", "visit"), _negated=True),
                                    ("visit_on__isnull", False),
                                    _connector="OR",
                                ),
                                name="signal_visit_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Visit",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="visits",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "bearer",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="duty_passes",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="bearer, with a duty here",
                            ),
                        ),
                        (
                            "host",
                            models.ForeignKey(
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="visits",
                                to="residents.person",
                                verbose_name="host",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("guest", "Guest"),
                                    ("courier", "Courier"),
                                    ("trade", "Tradesperson"),
                                ],
                                default="guest",
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        ("name", models.CharField(max_length=80, verbose_name="visitor")),
                        (
                            "phone",
                            community.fields.EncryptedTextField(blank=True, verbose_name="phone"),
                        ),
                        (
                            "people",
                            models.PositiveSmallIntegerField(
                                default=1, verbose_name="how many people"
                            ),
                        ),
                        ("starts_at", models.DateTimeField(verbose_name="from")),
                        ("ends_at", models.DateTimeField(verbose_name="until")),
                        (
                            "most_entries",
                            models.PositiveSmallIntegerField(
                                blank=True, default=1, null=True, verbose_name="times"
                            ),
                        ),
                        (
                            "entries",
                            models.PositiveSmallIntegerField(
                                default=0, editable=False, verbose_name="times used"
                            ),
                        ),
                        ("digest", models.CharField(editable=False, max_length=64, unique=True)),
                        ("secret", community.fields.EncryptedTextField(editable=False)),
                        ("spoken", community.fields.EncryptedTextField(blank=True, editable=False)),
                        (
                            "spoken_index",
                            models.CharField(blank=True, editable=False, max_length=80),
                        ),
                        (
                            "is_walk_in",
                            models.BooleanField(default=False, verbose_name="came unannounced"),
                        ),
                        (
                            "on_behalf",
                            models.BooleanField(
                                default=False, verbose_name="at the desk, on behalf"
                            ),
                        ),
                        (
                            "created_at",
                            models.DateTimeField(auto_now_add=True, verbose_name="invited"),
                        ),
                        (
                            "created_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="invited by",
                            ),
                        ),
                        (
                            "revoked_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="revoked"),
                        ),
                        (
                            "revoked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="revoked by",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "visit",
                        "verbose_name_plural": "visits",
                        "ordering": ["-starts_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("revoked_at", None)),
                                fields=["compound", "ends_at"],
                                name="visit_by_end",
                            )
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("ends_at__gt", models.F("starts_at"))),
                                name="visit_ends_after_start",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("most_entries", None),
                                    ("entries__lte", models.F("most_entries")),
                                    _connector="OR",
                                ),
                                name="visit_entries_within_most",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("people__gte", 1)), name="visit_of_somebody"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("bearer", None), ("unit__isnull", False)),
                                    models.Q(
                                        ("bearer__isnull", False),
                                        ("host", None),
                                        ("kind", "courier"),
                                        ("people", 1),
                                        ("unit", None),
                                    ),
                                    _connector="OR",
                                ),
                                name="visit_of_home_or_bearer",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(
                                    models.Q(("spoken_index", ""), _negated=True),
                                    ("revoked_at", None),
                                ),
                                fields=("unit", "spoken_index"),
                                name="visit_spoken_once_in_a_home",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitPlate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="cars",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                        ("plate", models.CharField(max_length=10, verbose_name="plate")),
                    ],
                    options={
                        "verbose_name": "plate of a visit",
                        "verbose_name_plural": "plates of visits",
                        "ordering": ["plate"],
                        "indexes": [
                            models.Index(fields=["compound", "plate"], name="visit_by_plate")
                        ],
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("visit", "plate"), name="visit_plate_once"
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("plate", ""), _negated=True),
                                name="visit_plate_given",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="VisitStay",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "visit",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="stays",
                                to="residents.visit",
                                verbose_name="visit",
                            ),
                        ),
                        (
                            "passage_id",
                            models.BigIntegerField(blank=True, editable=False, null=True),
                        ),
                        (
                            "plate",
                            models.CharField(blank=True, max_length=10, verbose_name="plate"),
                        ),
                        ("entered_at", models.DateTimeField(verbose_name="came")),
                        (
                            "left_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="left"),
                        ),
                        (
                            "left_by",
                            models.CharField(
                                blank=True, max_length=12, verbose_name="leaving known by"
                            ),
                        ),
                        (
                            "overstay_told_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="overstay told"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "visit's stay",
                        "verbose_name_plural": "visits' stays",
                        "ordering": ["-entered_at", "-id"],
                        "indexes": [
                            models.Index(
                                condition=models.Q(("left_at", None)),
                                fields=["visit"],
                                name="visit_inside",
                            ),
                            models.Index(
                                condition=models.Q(("left_at", None)),
                                fields=["compound", "plate"],
                                name="visit_car_inside",
                            ),
                        ],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("left_at", None),
                                    ("left_at__gte", models.F("entered_at")),
                                    _connector="OR",
                                ),
                                name="visit_left_after_entering",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("passage_id__isnull", False)),
                                fields=("passage_id",),
                                name="visit_stay_of_passage_once",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="WayIn",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[
                                    ("card", "Card"),
                                    ("qr", "Personal QR code"),
                                    ("pin", "Home number and PIN"),
                                    ("face", "Face"),
                                ],
                                max_length=8,
                                verbose_name="way in",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="ways_in",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                help_text="A PIN belongs to the number of one home",
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        ("secret", community.fields.EncryptedTextField(blank=True, editable=False)),
                        ("index", models.CharField(blank=True, editable=False, max_length=80)),
                        (
                            "hint",
                            models.CharField(
                                blank=True, editable=False, max_length=4, verbose_name="ends in"
                            ),
                        ),
                        ("issued_at", models.DateTimeField(verbose_name="handed out")),
                        (
                            "issued_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="handed out by",
                            ),
                        ),
                        (
                            "ended_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="ended"),
                        ),
                        (
                            "end_reason",
                            models.CharField(
                                blank=True,
                                choices=[
                                    ("lost", "Lost"),
                                    ("replaced", "Replaced"),
                                    ("moved_out", "Moved out"),
                                    ("withdrawn", "Withdrawn"),
                                ],
                                max_length=12,
                                verbose_name="why it ended",
                            ),
                        ),
                        (
                            "paused_at",
                            models.DateTimeField(
                                blank=True, editable=False, null=True, verbose_name="asleep since"
                            ),
                        ),
                        ("last_step", models.BigIntegerField(default=0, editable=False)),
                        (
                            "last_used_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="last used"),
                        ),
                        (
                            "last_lane",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to="community.lane",
                                verbose_name="last used at",
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "way in",
                        "verbose_name_plural": "ways in",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("kind", "card")),
                                fields=("compound", "index"),
                                name="card_active_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("kind", "pin")),
                                fields=("unit", "index"),
                                name="pin_once_in_a_home",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("kind", "qr")),
                                fields=("person",),
                                name="personal_code_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("kind", "pin")),
                                fields=("person", "unit"),
                                name="pin_of_person_once",
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("ended_at", None), ("kind", "face")),
                                fields=("person",),
                                name="face_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("paused_at", None), ("kind", "face"), _connector="OR"
                                ),
                                name="only_faces_sleep",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    models.Q(("kind", "pin"), _negated=True),
                                    ("unit__isnull", False),
                                    _connector="OR",
                                ),
                                name="pin_has_home",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("ended_at", None),
                                    models.Q(("end_reason", ""), _negated=True),
                                    _connector="OR",
                                ),
                                name="way_in_ended_why",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FacePicture",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "way",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="pictures",
                                to="residents.wayin",
                                verbose_name="way in",
                            ),
                        ),
                        ("file", models.CharField(editable=False, max_length=120, unique=True)),
                        ("seal", community.fields.EncryptedTextField(editable=False)),
                        ("taken_at", models.DateTimeField(verbose_name="taken")),
                    ],
                    options={
                        "verbose_name": "picture of an enrolment",
                        "verbose_name_plural": "pictures of enrolments",
                        "ordering": ["id"],
                    },
                ),
                migrations.CreateModel(
                    name="FaceTemplate",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "way",
                            models.OneToOneField(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="face",
                                to="residents.wayin",
                                verbose_name="way in",
                            ),
                        ),
                        ("engine", models.CharField(max_length=64, verbose_name="engine version")),
                        ("sealed", community.fields.EncryptedTextField(editable=False)),
                        ("pictures", models.PositiveSmallIntegerField(verbose_name="pictures")),
                        ("made_at", models.DateTimeField(verbose_name="made")),
                        ("tighter", models.FloatField(default=0.0, verbose_name="stricter by")),
                        ("mistakes", models.JSONField(blank=True, default=list, editable=False)),
                    ],
                    options={
                        "verbose_name": "face template",
                        "verbose_name_plural": "face templates",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(("pictures__gte", 1)),
                                name="face_template_of_pictures",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(("tighter__gte", 0), ("tighter__lte", 0.2)),
                                name="face_stricter_in_bounds",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FaceErasure",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "way",
                            models.OneToOneField(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="erasure",
                                to="residents.wayin",
                                verbose_name="way in",
                            ),
                        ),
                        (
                            "version",
                            models.PositiveBigIntegerField(verbose_name="first version without it"),
                        ),
                        ("erased_at", models.DateTimeField(verbose_name="erased")),
                        (
                            "proven_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="confirmed everywhere"
                            ),
                        ),
                        (
                            "overdue_at",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="reported as a fault"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "erasure of a face",
                        "verbose_name_plural": "erasures of faces",
                        "ordering": ["-id"],
                        "constraints": [
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("proven_at", None),
                                    ("proven_at__gte", models.F("erased_at")),
                                    _connector="OR",
                                ),
                                name="face_proof_follows_erasure",
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="GuessLock",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "lane",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.lane",
                                verbose_name="lane",
                            ),
                        ),
                        (
                            "unit",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.unit",
                                verbose_name="home",
                            ),
                        ),
                        (
                            "wrong",
                            models.PositiveSmallIntegerField(
                                default=0, verbose_name="wrong in a row"
                            ),
                        ),
                        ("since", models.DateTimeField(verbose_name="since")),
                        (
                            "locked_until",
                            models.DateTimeField(
                                blank=True, null=True, verbose_name="locked until"
                            ),
                        ),
                    ],
                    options={
                        "verbose_name": "wrong PINs",
                        "verbose_name_plural": "wrong PINs",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("lane", "unit"), name="guess_lock_of_home_once"
                            ),
                            models.UniqueConstraint(
                                condition=models.Q(("unit", None)),
                                fields=("lane",),
                                name="guess_lock_of_lane_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("locked_until", None),
                                    ("locked_until__gt", models.F("since")),
                                    _connector="OR",
                                ),
                                name="guess_lock_ends",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="FormRemark",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="remarks",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        ("field", models.CharField(max_length=40, verbose_name="field")),
                        ("text", models.CharField(max_length=200, verbose_name="what to correct")),
                    ],
                    options={
                        "verbose_name": "remark on a form",
                        "verbose_name_plural": "remarks on forms",
                        "constraints": [
                            models.UniqueConstraint(
                                fields=("registration", "field"), name="remark_field_once"
                            )
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="Ending",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "registration",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="endings",
                                to="residents.registration",
                                verbose_name="registration",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="endings",
                                to="residents.person",
                                verbose_name="tenant",
                            ),
                        ),
                        ("ended_on", models.DateField(verbose_name="moved out on")),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "To be confirmed"),
                                    ("confirmed", "Confirmed"),
                                    ("refused", "Still lives there"),
                                ],
                                default="open",
                                max_length=10,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "asked_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="said by",
                            ),
                        ),
                        ("asked_at", models.DateTimeField(verbose_name="said at")),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                    ],
                    options={
                        "verbose_name": "moving out said by the landlord",
                        "verbose_name_plural": "moving out said by landlords",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("state", "open")),
                                fields=("registration",),
                                name="ending_open_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="ending_answered_when",
                            ),
                        ],
                    },
                ),
                migrations.CreateModel(
                    name="DataRequest",
                    fields=[
                        (
                            "id",
                            models.BigAutoField(
                                auto_created=True,
                                primary_key=True,
                                serialize=False,
                                verbose_name="ID",
                            ),
                        ),
                        (
                            "compound",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="+",
                                to="community.compound",
                                verbose_name="compound",
                            ),
                        ),
                        (
                            "person",
                            models.ForeignKey(
                                on_delete=django.db.models.deletion.CASCADE,
                                related_name="data_requests",
                                to="residents.person",
                                verbose_name="person",
                            ),
                        ),
                        (
                            "kind",
                            models.CharField(
                                choices=[("correct", "Correct"), ("erase", "Erase")],
                                max_length=8,
                                verbose_name="kind",
                            ),
                        ),
                        (
                            "text",
                            community.fields.EncryptedTextField(
                                blank=True, verbose_name="what is asked"
                            ),
                        ),
                        (
                            "on_behalf",
                            models.BooleanField(default=False, verbose_name="asked at the desk"),
                        ),
                        (
                            "state",
                            models.CharField(
                                choices=[
                                    ("open", "At the desk"),
                                    ("done", "Done"),
                                    ("refused", "Not possible"),
                                ],
                                default="open",
                                max_length=8,
                                verbose_name="state",
                            ),
                        ),
                        (
                            "made_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="made by",
                            ),
                        ),
                        ("made_at", models.DateTimeField(verbose_name="asked")),
                        (
                            "answer",
                            community.fields.EncryptedTextField(blank=True, verbose_name="answer"),
                        ),
                        (
                            "answered_by",
                            models.ForeignKey(
                                blank=True,
                                null=True,
                                on_delete=django.db.models.deletion.SET_NULL,
                                related_name="+",
                                to=settings.AUTH_USER_MODEL,
                                verbose_name="answered by",
                            ),
                        ),
                        (
                            "answered_at",
                            models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                        ),
                    ],
                    options={
                        "verbose_name": "request about one's data",
                        "verbose_name_plural": "requests about one's data",
                        "ordering": ["-id"],
                        "constraints": [
                            models.UniqueConstraint(
                                condition=models.Q(("kind", "erase"), ("state", "open")),
                                fields=("person",),
                                name="erasure_asked_once",
                            ),
                            models.CheckConstraint(
                                condition=models.Q(
                                    ("state", "open"),
                                    ("answered_at__isnull", False),
                                    _connector="OR",
                                ),
                                name="request_answered_when",
                            ),
                        ],
                    },
                ),
            ]
        ),
    ]
