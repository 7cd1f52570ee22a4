using EnterprisePortal.Contracts.Http;
using EnterprisePortal.ServiceDefaults.Directory;

namespace EnterprisePortal.Identity.Users;

public static class GroupNames
{
    extension(GroupName)
    {
        public static GroupName Of(Guid group, DirectoryReplica directory) => new(group, directory.Of(group)?.Groups[group].Name ?? "");
    }
}
