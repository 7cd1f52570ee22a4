namespace EnterprisePortal.OfficePortal.Reports;

/// <summary>
/// CLA-5: enrollments whose last day is in the range. A student who continued in another class was transferred and not dropped.
/// </summary>
static class Cla5DropList
{
    public static readonly Report Report = new()
    {
        Code = "CLA-5",
        OrderBy = "section, drop_date, student, id",
        Sql = """
            select case when e.transferred_to is null then 'Drops' else 'Transfers' end as section,
              s.first_name || ' ' || s.last_name as student, f.name as family, f.id::text as family_id,
              c.name as class, p.name as program, l.name as level,
              coalesce(i.name, c.instructor) as instructor, c.location, e.start_date as start, e.drop_date,
              case when e.transferred_to is null then e.drop_reason else 'Transfer to ' || t.name end as reason,
              e.drop_notes as notes, coalesce(d.name, e.dropped_by) as dropped_by, e.id
            from enrollment e
            join student s on s.account = e.account and s.id = e.student
            join family f on f.account = s.account and f.id = s.family
            join class c on c.account = e.account and c.id = e.class
            join program p on p.account = c.account and p.id = c.program
            join level l on l.account = c.account and l.id = c.level
            left join enrollment n on n.account = e.account and n.id = e.transferred_to
            left join class t on t.account = n.account and t.id = n.class
            left join staff i on i.account = c.account and i.email = c.instructor
            left join staff d on d.account = e.account and d.email = e.dropped_by
            where e.account = @account and e.drop_date between @from and @to
              and (@program is null or p.name = @program) and (@level is null or l.name = @level) and (@class is null or c.name = @class)
              and (@dropReason is null or e.drop_reason = @dropReason and e.transferred_to is null)
            """
    };
}
