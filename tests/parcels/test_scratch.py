import time, pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.parcels.test_pages import LABEL, courier, resident
from tests.parcels.lockers import stand
from community.devices.drivers import simulated_locker
from parcels.models import Parcel
pytestmark = pytest.mark.django_db(transaction=True)

def test_it(place, courier):
    for n in range(1,4):
        label = LABEL | {"waybill": f"SF14280916663{n}"}
        for what, do in (
            ("find", lambda: courier.post("/courier/", label)),
            ("put", lambda: courier.post("/courier/put/", label | {"person": place.person.pk, "size": "small"})),
            ):
            with CaptureQueriesContext(connection, ) as q:
                t = time.process_time()
                a = do()
                t = time.process_time() - t
            print(what, a.status_code, len(q), round(t*1000,1))
            if n == 2:
                for one in q.captured_queries: print("   ", one["sql"][:230])
        row = Parcel.objects.latest("pk")
        place.deliver(row)
        with CaptureQueriesContext(connection, ) as q:
            courier.get(f"/courier/parcels/{row.pk}/state/")
            simulated_locker.shut(place.device_id, row.compartment.number)
            t = time.process_time()
            a = courier.get(f"/courier/parcels/{row.pk}/state/")
            print("stored", a.content, len(q), round((time.process_time()-t)*1000,1))
        if n == 2:
            for one in q.captured_queries: print("   ", one["sql"][:200])
