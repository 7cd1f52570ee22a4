using Dapper;
using EnterprisePortal.OfficePortal.Accounts;
using EnterprisePortal.OfficePortal.Layout;
using EnterprisePortal.OfficePortal.SignIn;
using Npgsql;

namespace EnterprisePortal.OfficePortal.BackgroundTasks;

/// <summary>
/// Who sees a task. Owners of the account see all tasks, other staff their own. A person who came via the portal sees the tasks of runs
/// they may see there, whichever staff user they entered as: an Admin's run, the Admins of that group and above; a User's run, everybody of
/// that group and the Admins above.
/// </summary>
static class VisibleTasks
{
    const string Select = """
        select task.id, task.report, task.parameters, task.state, task.progress, task.problem, task.created_at, task.about,
          task.run_id is not null as for_all_accounts,
          coalesce(task.person_name, staff.name) as by, count(*) over ()::int as total
        from background_task task join staff on staff.account = task.account and staff.email = task.staff
        where task.account = @Code and case when @person is null
          then @owner or (task.staff = @Staff and task.person_id is null)
          else task.group_id = @group and (task.level = 'user' or @admin) or @admin and @group = any(task.groups_above) end
        """;

    public static async Task<IReadOnlyList<TaskRow>> Newest(NpgsqlConnection connection, Account account, Session session, int page) =>
        (await connection.QueryAsync<TaskRow>($"{Select} order by task.created_at desc limit @Size offset @skip",
            Viewer(account, session, null, Paging.Skip(page)))).AsList();

    public static Task<TaskRow?> Find(NpgsqlConnection connection, Account account, Session session, Guid id) =>
        connection.QuerySingleOrDefaultAsync<TaskRow>($"{Select} and task.id = @id", Viewer(account, session, id, 0));

    static object Viewer(Account account, Session session, Guid? id, int skip) => new
    {
        account.Code, owner = session.Rights.Full, session.Staff, person = session.Person?.Id, group = session.Person?.GroupId,
        admin = session.Person?.Level == "admin", id, Paging.Size, skip
    };
}

[method: ExplicitConstructor]
public sealed record TaskRow(Guid Id, string Report, string Parameters, string State, int Progress, string? Problem, DateTime CreatedAt,
    string? About, bool ForAllAccounts, string By, int Total)
{
    public bool IsOpen => State is "queued" or "running";
}
