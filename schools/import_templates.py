"""The templates of this app; see `schools.importing.templates`."""

from schools.importing.template_books import internal_works_book, registry_book, results_book, statistic_book
from schools.importing.templates import (
    Template,
    academic_years,
    no_period,
    october_years,
    register,
    years_of_results,
)
from schools.intake.template_meta import INTERNAL_WORKS, REGISTRY, RESULTS
from schools.statistics import CONTEXT, CONTINGENT, STAFF

register(
    Template(
        code=RESULTS,
        title="Результаты",
        purpose="КДР, РДР, ОГЭ, ЕГЭ, муниципальные работы и всё, чего нет в выгрузках федеральной системы.",
        order=10,
        periods=years_of_results,
        build=results_book,
    ),
)
register(
    Template(
        code=REGISTRY,
        title="Реестр школ",
        purpose="Школы территории: ИНН, коды, вид, населённый пункт, число обучающихся.",
        order=20,
        periods=no_period,
        build=registry_book,
    ),
)
register(
    Template(
        code=CONTEXT,
        title="SA-1 «Контекст школы»",
        purpose="Обучающиеся, педагоги, специалисты, оснащение, сайт: около 60 чисел на 1 октября.",
        order=30,
        periods=october_years,
        build=statistic_book(CONTEXT),
        lines=60,
    ),
)
register(
    Template(
        code=CONTINGENT,
        title="SA-2 «Контингент»",
        purpose="12 показателей контингента по уровням НОО, ООО и СОО.",
        order=40,
        periods=october_years,
        build=statistic_book(CONTINGENT),
        lines=32,
    ),
)
register(
    Template(
        code=STAFF,
        title="SA-4 «Кадры»",
        purpose="Учителя по предметам: сколько, с какой категорией, кто учился и кто нуждается в помощи. Только числа.",
        order=50,
        periods=october_years,
        build=statistic_book(STAFF),
        lines=18,
    ),
)
register(
    Template(
        code=INTERNAL_WORKS,
        title="SA-5 «Внутренние работы»",
        purpose="Входной мониторинг, школьные и муниципальные работы одной школы: отметки по классам и предметам.",
        order=60,
        periods=academic_years,
        build=internal_works_book,
        for_schools_only=True,
    ),
)
